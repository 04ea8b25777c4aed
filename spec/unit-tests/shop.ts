import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions, RunOptions } from '../../src/commands/options.ts'
import type { RunReport } from '../../src/commands/outcome.ts'
import type { Target } from '../engines.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'

type Files = Readonly<Record<string, string>>

/** A project with a model over a view, an ephemeral model and a seed, and incremental ones. Nothing of it is built. */
const models: Files = {
  'project.yml': 'name: shop\nprofile: shop\nvars: {rate: 2}\n',
  'seeds/countries.csv': 'code,name\nDE,Germany\nFR,France\n',
  'models/stg_orders.sql':
    "select cast(1 as bigint) as id, cast(5 as decimal(18, 2)) as amount, 'DE' as code, cast('2024-01-01' as timestamp) as ordered_at",
  'models/eph_orders.sql':
    '{{config materialized="ephemeral"}}\nselect *, {{doubled "amount"}} as double_amount from {{ref "stg_orders"}}',
  'models/orders.sql': `{{config materialized="table"}}
select eph_orders.id, eph_orders.double_amount * {{var "rate"}} as amount, countries.name as country
from {{ref "eph_orders"}} as eph_orders
left join {{ref "countries"}} on countries.code = eph_orders.code
`,
  'models/merged.sql': `{{config materialized="incremental" unique_key="id" incremental_strategy="merge"}}
select id, amount, ordered_at from {{ref "stg_orders"}}
{{#if (is_incremental)}}
where ordered_at > (select max(ordered_at) from {{this}})
{{/if}}
`,
  'macros/doubled.sql': '{{#*macro doubled column}}\n{{column}} * 2\n{{/macro}}\n',
}

/** What a command on a project with these unit tests gives. */
export class UnitTested {
  readonly project: TemporaryProject

  constructor(target: Target, yaml: string, files: Files = {}) {
    this.project = new TemporaryProject({ ...models, 'models/unit.yml': yaml, ...files }, target)
  }

  open(options: EngineOptions = {}): Promise<Engine> {
    return Engine.open({ projectDir: this.project.root, env: {}, ...options })
  }

  async test(options: RunOptions = {}, open: EngineOptions = {}): Promise<RunReport> {
    return (await this.open(open)).test(options)
  }

  async build(options: RunOptions = {}): Promise<RunReport> {
    return (await this.open()).build(options)
  }

  remove(): void {
    this.project.remove()
  }
}

/** `name: status`, by the names of the nodes. */
export function statuses(report: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(report.results.map((r) => [r.uniqueId.split('.').at(-1)!, r.status]))
}

/** Each diagnostic as `code line:column`, with its message. */
export function found(report: RunReport): readonly string[] {
  return report.diagnostics.map((d) => {
    const at = d.span === undefined ? undefined : report.files.get(d.span.path)?.position(d.span.start)
    const place = at === undefined ? '' : ` ${d.span!.path}:${at.line}:${at.column}`
    return `${d.code}${place} ${d.message}`
  })
}
