import type { Cell, Session } from '../../adapters/adapter.ts'
import type { Dialect } from '../../adapters/dialect.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import type { HyperOptions } from '../../config/exports/hyper-options.ts'
import { hyperDigitsLost, hyperKeyNull, hyperNulled, hyperOutOfRange } from './errors.ts'
import type { PlannedColumn, TablePlan } from './plan-table.ts'

const SHOWN = 3

export interface CheckedValues {
  readonly warnings: readonly Diagnostic[]
  /** Whether the columns of the key are free of nulls. */
  readonly keyHolds: boolean
}

/**
 * Looks in the warehouse for values that the file has no place for: one query over the columns whose type may have some.
 * Raises `UserError` with the first rows, or hands back warnings when they are written as null.
 */
export async function checkValues(
  session: Pick<Session, 'query'>,
  plan: TablePlan,
  context: { readonly dialect: Pick<Dialect, 'identifier'>; readonly outOfRange: HyperOptions['outOfRange'] },
): Promise<CheckedValues> {
  const { identifier } = context.dialect
  const tests = plan.columns.flatMap((planned) => {
    const column = identifier(planned.column.name)
    const key = plan.target.primaryKey.includes(planned.column.name) ? `${column} is null` : undefined
    const conditions = [
      { kind: 'outside', condition: planned.rule.outside?.(column) },
      { kind: 'loses', condition: planned.rule.loses?.(column) },
      { kind: 'key', condition: key },
    ] as const
    return conditions.flatMap(({ kind, condition }) => (condition === undefined ? [] : [{ planned, kind, condition }]))
  })
  if (tests.length === 0) return { warnings: [], keyHolds: true }
  const counts = tests.map(({ condition }, i) => `count(*) filter (where ${condition}) as n${i}`)
  const { rows } = await session.query(`select ${counts.join(', ')} from (${plan.source.sql}) as t`)
  const found = tests.map((test, i) => ({ ...test, count: rows[0]![i]! })).filter(({ count }) => Number(count) > 0)
  const warnings: Diagnostic[] = []
  const errors: Diagnostic[] = []
  for (const { planned, kind, condition, count } of found) {
    const what = { table: plan.source.name, column: planned.column.name, count: String(count) }
    const place = planned.column.span === null ? {} : { span: planned.column.span }
    if (kind === 'key') warnings.push(hyperKeyNull(what, place))
    else if (kind === 'loses') warnings.push(hyperDigitsLost(what, place))
    else if (context.outOfRange === 'null') warnings.push(hyperNulled({ ...what, why: planned.rule.why! }, place))
    else errors.push(await outOfRange({ session, plan, planned, condition, identifier, count }))
  }
  if (errors.length > 0) throw new UserError(errors)
  return { warnings, keyHolds: !found.some(({ kind }) => kind === 'key') }
}

/** Names the first row, by its place in the export, and shows the first few with their keys. */
async function outOfRange(find: {
  readonly session: Pick<Session, 'query'>
  readonly plan: TablePlan
  readonly planned: PlannedColumn
  readonly condition: string
  readonly identifier: (name: string) => string
  readonly count: Cell
}): Promise<Diagnostic> {
  const { session, plan, planned, condition, identifier, count } = find
  const { column, rule } = planned
  const shown = [...plan.source.primaryKey.filter((name) => name !== column.name), column.name]
  const values = shown.map((name, i) => `cast(${identifier(name)} as text) as v${i}`)
  const numbered = `select row_number() over () as n, ${values.join(', ')}, ${condition} as outside from (${plan.source.sql}) as t`
  const { rows } = await session.query(
    `select n, ${values.map((_, i) => `v${i}`).join(', ')} from (${numbered}) as r where outside order by n limit ${SHOWN}`,
  )
  const text = (cell: Cell | undefined) => (cell === null || cell === undefined ? null : String(cell))
  const first = rows[0]
  const more = Number(count) - 1
  return hyperOutOfRange(
    {
      table: plan.source.name,
      column: column.name,
      row: text(first?.[0]) ?? '?',
      value: `\`${text(first?.at(-1)) ?? ''}\``,
      why: rule.why!,
      decimal: rule.decimal === true,
    },
    {
      ...(column.span === null ? {} : { span: column.span }),
      rows: { columns: ['row', ...shown], rows: rows.map((row) => row.map(text)) },
      notes: more > 0 ? [`${more} more ${more === 1 ? 'row has' : 'rows have'} such a value`] : [],
    },
  )
}
