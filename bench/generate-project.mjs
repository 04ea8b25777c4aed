// Writes a synthetic project for the benchmarks; the same bytes for the same arguments.
//   node bench/generate-project.mjs --models 1000 --out DIR [--rows 100]
// 5 seeds; 40 % staging views, 40 % warehouse tables (every fifth incremental), 20 % analytics tables; every second
// model has `unique` and `not_null` on its key.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** A linear congruential generator (Numerical Recipes' constants): enough for shapes, and the same everywhere. */
function createRandom(seed) {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

function planModels(total) {
  const pick = createRandom(42)
  const staging = Math.max(1, Math.round(total * 0.4))
  const warehouse = Math.round(total * 0.4)
  const models = []
  for (let i = 0; i < total; i++) {
    const layer = i < staging ? 'staging' : i < staging + warehouse ? 'warehouse' : 'analytics'
    const prefix = { staging: 'stg', warehouse: 'int', analytics: 'mart' }[layer]
    const parents = new Set()
    if (layer === 'staging') parents.add(`raw_${i % 5}`)
    else {
      // Mostly recent models, so that the graph is deep as well as wide.
      const window = Math.min(models.length, layer === 'warehouse' ? Math.max(staging, 50) : 400)
      const wanted = Math.min(models.length, layer === 'warehouse' ? 1 + pick(3) : 2 + pick(3))
      while (parents.size < wanted) parents.add(models[models.length - 1 - pick(window)].name)
    }
    models.push({
      number: i,
      name: `${prefix}_${String(i).padStart(5, '0')}`,
      layer,
      parents: [...parents],
      incremental: layer === 'warehouse' && i % 5 === 0,
      tested: i % 2 === 0,
      folder: `${layer}/group_${String(Math.floor(i / 50)).padStart(3, '0')}`,
    })
  }
  return models
}

function modelText(model) {
  const materialized = model.layer === 'staging' ? 'view' : model.incremental ? 'incremental' : 'table'
  const key = model.incremental ? ' unique_key="id"' : ''
  const head = `{{config materialized="${materialized}"${key} tags=(list "${model.layer}" "team_${model.number % 7}")}}\n\n`
  if (model.layer === 'staging') {
    return `${head}with source as (
    select * from {{ref "${model.parents[0]}"}}
),

renamed as (
    select
        id,
        customer_id,
        cast(event_date as date) as event_date,
        {{cents_to_dollars "amount_cents"}} as amount,
        lower(trim(status)) as status,
        case when amount_cents > 5000 then 'large' when amount_cents > 1000 then 'medium' else 'small' end as size_band,
        extract(year from cast(event_date as date)) as event_year,
        coalesce(customer_id, -1) as customer_key,
        ${model.number} as model_number
    from source
    where id is not null
)

select id, customer_id, event_date, amount, status, size_band, customer_key
from renamed
where event_year >= 2020
`
  }
  const [first, ...others] = model.parents
  const joins = others.map((parent, i) => `    left join {{ref "${parent}"}} as j${i} on a.id = j${i}.id`).join('\n')
  const sum = others.map((_, i) => ` + coalesce(j${i}.amount, 0)`).join('')
  const filter = model.incremental
    ? `{{#if (is_incremental)}}
    where a.event_date >= (select max(event_date) from {{this}})
{{/if}}`
    : ''
  return `${head}with base as (
    select a.id, a.customer_id, a.event_date, a.status, a.size_band, a.customer_key, a.amount${sum} as amount
    from {{ref "${first}"}} as a
${joins}
${filter}
),

by_status as (
    select
{{#each (list "placed" "shipped" "returned") as |status|}}
        sum(case when status = '{{status}}' then amount else 0 end) over (partition by id) as {{status}}_amount,
{{/each}}
        base.*
    from base
)

select id, customer_id, event_date, status, size_band, customer_key,
    case when amount > 1000000 then 0 else amount end as amount
from by_status
where placed_amount + shipped_amount + returned_amount >= 0 or amount is not null
`
}

function propertiesText(models) {
  const entries = models.map(
    (m) => `  - name: ${m.name}
    description: Model ${m.number} of the ${m.layer} layer.
    columns:
      - name: id
        description: Key of the row.
${m.tested ? '        data_tests: [unique, not_null]\n' : ''}      - name: status
        description: Where the order stands.
`,
  )
  return `version: 2\n\nmodels:\n${entries.join('')}`
}

function seedText(number, rows) {
  const statuses = ['placed', 'shipped', 'returned']
  const lines = ['id,customer_id,event_date,amount_cents,status']
  for (let r = 0; r < rows; r++) {
    const date = `2024-${String((r % 12) + 1).padStart(2, '0')}-${String((r % 28) + 1).padStart(2, '0')}`
    lines.push(`${r + 1},${(r * 7 + number) % 97},${date},${(r * 131 + number) % 10007},${statuses[r % 3]}`)
  }
  return `${lines.join('\n')}\n`
}

/** Writes the project into `out`, which is emptied first. */
export function generateProject({ models: total, rows = 100, out }) {
  rmSync(out, { recursive: true, force: true })
  const write = (path, text) => {
    mkdirSync(dirname(join(out, path)), { recursive: true })
    writeFileSync(join(out, path), text)
  }
  const models = planModels(total)
  const folders = Map.groupBy === undefined ? groupByFolder(models) : Map.groupBy(models, (m) => m.folder)
  for (const model of models) write(`models/${model.folder}/${model.name}.sql`, modelText(model))
  for (const [folder, members] of folders) write(`models/${folder}/_models.yml`, propertiesText(members))
  for (let n = 0; n < 5; n++) write(`seeds/raw_${n}.csv`, seedText(n, rows))
  write(
    'macros/money.sql',
    '{{#*macro cents_to_dollars column scale=2}}round({{column}} / 100.0, {{scale}}){{/macro}}\n',
  )
  write('project.yml', 'name: bench\nversion: "1.0.0"\nprofile: bench\n')
  write(
    'profiles.yml',
    'bench:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: bench.duckdb, schema: main, threads: 4 }\n',
  )
}

function groupByFolder(models) {
  const folders = new Map()
  for (const model of models) folders.set(model.folder, [...(folders.get(model.folder) ?? []), model])
  return folders
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: '1000' },
      rows: { type: 'string', default: '100' },
      out: { type: 'string' },
    },
  })
  if (values.out === undefined) {
    console.error('usage: generate-project.mjs --models N --out DIR [--rows R]')
    process.exit(2)
  }
  generateProject({ models: Number(values.models), rows: Number(values.rows), out: values.out })
}
