import type { Dialect } from '../adapters/dialect.ts'
import type { CompiledTest } from '../compile/compiled-node.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { Test } from '../project/resource.ts'

/** Tests of one relation that a single scan answers. */
export interface SharedScan {
  /** One row: `n` (rows), then `c0`, `c1` … in the order of `tests`; 0 means that the test has no bad row. */
  readonly sql: string
  readonly tests: readonly { readonly test: Test; readonly compiled: CompiledTest }[]
}

type Candidate = SharedScan['tests'][number]

/**
 * Groups the simple tests among `candidates` by the rows that they look at (`modelSql`, which holds a test's `where`). A counter above zero is
 * no verdict: `unique` counts surplus values here while dbt reports values that occur twice, so the exact query follows.
 * A group of one is a scan too: it costs the same and tells the number of rows.
 */
export function planSharedScans(
  candidates: readonly Candidate[],
  dialect: Dialect,
): { readonly scans: readonly SharedScan[]; readonly single: readonly Candidate[] } {
  const groups = new Map<string, { counters: string[]; tests: Candidate[] }>()
  const single: Candidate[] = []
  for (const candidate of candidates) {
    const counter = badRowCounter(candidate.test, dialect)
    const model = candidate.compiled.modelSql
    // One with a time limit of its own is not held up by others.
    if (counter === undefined || model === null || candidate.test.config.timeout !== null) {
      single.push(candidate)
      continue
    }
    const group = groups.get(model) ?? { counters: [], tests: [] }
    groups.set(model, group)
    group.counters.push(`${counter} as c${group.counters.length}`)
    group.tests.push(candidate)
  }
  const scans = [...groups].map(([model, { counters, tests }]) => ({
    sql: `select count(*) as n, ${counters.join(', ')} from ${model}`,
    tests,
  }))
  return { scans, single }
}

/** An aggregate that is zero exactly when the test has no bad row; undefined when the test is not a simple one. */
function badRowCounter(test: Test, dialect: Dialect): string | undefined {
  const { generic, columnName, config } = test
  if (generic === null || columnName === null) return undefined
  if (config.limit !== null || config.fail_calc.trim().toLowerCase() !== 'count(*)') return undefined
  switch (generic.macroId) {
    case 'macro.tsdbt.test_not_null':
      return `count(*) - count(${columnName})`
    case 'macro.tsdbt.test_unique':
      return `count(${columnName}) - count(distinct ${columnName})`
    case 'macro.tsdbt.test_accepted_values':
      return acceptedValuesCounter(columnName, generic.kwargs, dialect)
    default:
      return undefined
  }
}

function acceptedValuesCounter(
  column: string,
  kwargs: { readonly [key: string]: ConfigValue },
  dialect: Dialect,
): string | undefined {
  const { values, quote } = kwargs
  if (!Array.isArray(values) || values.length === 0) return undefined
  const items: string[] = []
  for (const value of values as readonly ConfigValue[]) {
    if (value === null || typeof value === 'object') return undefined
    items.push(quote === false ? String(value) : dialect.literal(String(value)))
  }
  return `count(case when ${column} not in (${items.join(', ')}) then 1 end)`
}
