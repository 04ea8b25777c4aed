import type { Dialect } from '../adapters/dialect.ts'
import type { CheckedConstraint } from './constraints.ts'

const shown = 3

/** One row: for each constraint that a row fulfils or not, how many rows do not. Undefined when there is none. */
export function rowCheckQuery(
  relation: string,
  constraints: readonly CheckedConstraint[],
  dialect: Dialect,
): { readonly sql: string; readonly constraints: readonly CheckedConstraint[] } | undefined {
  const rowwise = constraints.filter((c) => badRow(c, dialect) !== null)
  if (rowwise.length === 0) return undefined
  const counts = rowwise.map((c) => `count(*) filter (where ${badRow(c, dialect)})`)
  return { sql: `select ${counts.join(',\n  ')}\nfrom ${relation}`, constraints: rowwise }
}

/** Some of the rows that do not fulfil it. */
export function badRowsQuery(relation: string, constraint: CheckedConstraint, dialect: Dialect): string {
  return `select * from ${relation} where ${badRow(constraint, dialect)} limit ${shown}`
}

/** A query that gives nothing when the constraint is fulfilled, for what no row tells by itself; null when a row does. */
export function wholeCheckQuery(relation: string, constraint: CheckedConstraint, dialect: Dialect): string | null {
  const { type, columns, target } = constraint
  const names = columns.map((name) => dialect.identifier(name))
  const filled = names.map((name) => `${name} is not null`).join(' and ')
  if (type === 'unique' || type === 'primary_key') {
    const list = names.join(', ')
    return `select ${list}, count(*) as "rows" from ${relation} where ${filled}
group by ${list} having count(*) > 1 order by ${list} limit ${shown}`
  }
  if (type !== 'foreign_key' || target === null) return null
  const parent = target.columns.map((name) => `parent.${dialect.identifier(name)}`)
  const matches = names.map((name, i) => `${parent[i]} = child.${name}`).join(' and ')
  return `select distinct ${names.map((name) => `child.${name}`).join(', ')} from ${relation} as child
where ${names.map((name) => `child.${name} is not null`).join(' and ')}
  and not exists (select 1 from ${target.relation} as parent where ${matches}) limit ${shown}`
}

/** When a row breaks the constraint; null when one row alone cannot. A check whose condition is null is fulfilled. */
function badRow({ type, columns, expression }: CheckedConstraint, dialect: Dialect): string | null {
  if (type === 'check') return `not (${expression})`
  if (type !== 'not_null' && type !== 'primary_key') return null
  return columns.map((name) => `${dialect.identifier(name)} is null`).join(' or ')
}
