import { afterEach, expect, it } from 'vitest'
import { TemporaryProject } from '../../errors/temporary-project.ts'

const projects: TemporaryProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.remove()
})

async function parse(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const project = new TemporaryProject({ 'models/exports.yml': yaml, ...files })
  projects.push(project)
  const { exitCode, found } = await project.run((engine) => engine.parse())
  expect(exitCode).toBe(2)
  return found.map(
    ({ code, at, text }) => `${at.replace('models/exports.yml:', '')} ${code} ${text.split('\n').join(' | ')}`,
  )
}

const one = (keys: string): string => `exports:\n  - ${keys.split('\n').join('\n    ')}\n`
const GOOD = "name: a\nfrom: ref('stg_orders')\nto: out/a.parquet"

it.each<[what: string, yaml: string, found: string]>([
  ['an unknown key', one(`${GOOD}\nformt: parquet`), '5:5 config/unknown-key'],
  ['no name', one("from: ref('stg_orders')\nto: a.parquet"), '2:5 config/missing-key'],
  [
    'a name with blanks',
    one("name: my file\nfrom: ref('stg_orders')\nto: a.parquet"),
    '2:11 config/bad-exposure-name `my file` is no valid name of an export',
  ],
  ['nothing to read', one('name: a\nto: a.parquet'), '2:5 config/missing-key'],
  ['an empty list', one('name: a\nfrom: []\nto: a.parquet'), '3:11 config/export-of-nothing'],
  ['no reference', one('name: a\nfrom: stg_orders\nto: a.parquet'), '3:11 config/not-a-reference'],
  ['an unknown model', one("name: a\nfrom: ref('stg_order')\nto: a.parquet"), '3:11 graph/unknown-ref'],
  ['no place', one("name: a\nfrom: ref('stg_orders')\nformat: parquet"), '2:5 config/missing-key'],
  [
    'no format',
    one("name: a\nfrom: ref('stg_orders')\nto: out/a"),
    '4:9 config/export-format-untold the end of `out/a` tells no format | let it end in `.hyper`, ',
  ],
  [
    'a misspelt end',
    one("name: a\nfrom: ref('stg_orders')\nto: out/a.parkuet"),
    '4:9 config/export-format-untold the end of `out/a.parkuet` tells no format | did you mean `.parquet`?',
  ],
  [
    'a template in the place that fails',
    one("name: a\nfrom: ref('stg_orders')\nto: 'out/{{target.nam}}/a.csv'"),
    '4:16 template/unknown-property',
  ],
  [
    'a place in the words of a shell',
    one("name: a\nfrom: ref('stg_orders')\nto: ~/a.csv\noutside_project: true"),
    '4:9 config/export-place-of-shell `~/a.csv` is no path on this machine | write `{{env_var "HOME"}}/a.csv`',
  ],
  [
    'itself',
    one('name: a\nfrom: this\nto: a.csv'),
    "3:11 config/not-a-reference `this` in `from` of the export `a` names no node | write `ref('orders')`,",
  ],
  [
    'two relations of one name',
    `sources:\n  - {name: raw, tables: [{name: Stg_Orders}]}\n${one("name: a\nfrom: [ref('stg_orders'), \"source('raw', 'Stg_Orders')\"]\nto: a.xlsx".replace("[ref('stg_orders')", '["ref(\'stg_orders\')"'))}`,
    '4:11 project/export-tables-collide the export `a` reads two relations that are called `Stg_Orders`: model.shop.stg_orders and source.shop.raw.Stg_Orders',
  ],
  ['an unknown format', one(`${GOOD}\nformat: parket`), '5:13 config/wrong-value'],
  [
    'another end of the name',
    one("name: a\nfrom: ref('stg_orders')\nto: out/a.dat\nformat: parquet"),
    '4:9 config/export-suffix `out/a.dat` does not end as `parquet` files do: `.parquet` | write `out/a.parquet`',
  ],
  ['an unknown option', one(`${GOOD}\noptions: {compresion: zstd}`), '5:15 config/unknown-key'],
  ['a place outside', one("name: a\nfrom: ref('stg_orders')\nto: ../a.parquet"), '4:9 config/export-outside-project'],
  [
    'an absolute place',
    one("name: a\nfrom: ref('stg_orders')\nto: /tmp/a.parquet"),
    '4:9 config/export-outside-project',
  ],
  [
    'several relations in one file',
    one('name: a\nfrom: ["ref(\'stg_orders\')", "ref(\'other\')"]\nto: a.parquet'),
    '3:33 config/export-of-several',
  ],
  ['a column twice', one(`${GOOD}\ncolumns: [id, ID]`), '5:19 config/export-column-twice'],
  [
    'one file twice',
    `${one(GOOD)}  - name: b\n    from: ref('stg_orders')\n    to: OUT/A.parquet\n`,
    '7:9 project/export-place-twice',
  ],
  [
    'one name twice',
    `${one(GOOD)}  - name: a\n    from: ref('stg_orders')\n    to: b.parquet\n`,
    '5:11 project/duplicate-properties',
  ],
  [
    'a file inside of a file',
    `${one(GOOD)}  - name: b\n    from: ref('stg_orders')\n    to: out/a.parquet/b.parquet\n`,
    '7:9 project/export-place-twice',
  ],
  [
    'a file among the seeds',
    one("name: a\nfrom: ref('stg_orders')\nto: seeds/codes.csv"),
    '4:9 project/export-over-input `seeds/codes.csv` lies in `seeds/`, which the project is read from',
  ],
  ['an unknown change rule', one(`${GOOD}\non_schema_change: ignore`), '5:23 config/wrong-value'],
  ['an owner with a strange key', one(`${GOOD}\nowner: {mail: a@b.c}`), '5:13 config/unknown-key'],
])('%s', async (_, yaml, found) => {
  const all = await parse(yaml, { 'models/other.sql': 'select 1 as id' })
  expect(all).toHaveLength(1)
  expect(all[0]!.slice(0, found.length)).toBe(found)
})

it('an ephemeral model has nothing to export', async () => {
  const found = await parse(one("name: a\nfrom: ref('part')\nto: a.parquet"), {
    'models/part.sql': '{{config materialized="ephemeral"}}select 1 as id',
  })
  expect(found).toEqual([
    '2:11 project/export-of-ephemeral the export `a` reads the ephemeral model `part`, which has no rows in the warehouse | make `part` a view or a table',
  ])
})
