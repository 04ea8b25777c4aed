import type { Capabilities, ResultColumn } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { columnRemoved, columnsChanged, duplicateKeys, mergeUnsupported, unknownIncrementColumn } from './errors.ts'
import { changesOf, type MatchedColumns, matchColumns } from './increment-columns.ts'
import type { Increment } from './step.ts'

/** A query that must give no rows; if it does, they are shown under the diagnostic. */
export interface IncrementCheck {
  readonly sql: string
  readonly diagnostic: Diagnostic
}

export interface ExpandedIncrement {
  /** When not empty, nothing is to be executed. */
  readonly diagnostics: readonly Diagnostic[]
  readonly checks: readonly IncrementCheck[]
  /** First the table's columns, then its rows: DuckDB refuses to commit the other order. */
  readonly statements: readonly { readonly label: string; readonly sql: string; readonly countsRows: boolean }[]
}

export interface IncrementColumns {
  readonly target: readonly ResultColumn[]
  readonly staged: readonly ResultColumn[]
}

export interface Engine {
  readonly dialect: Dialect
  readonly capabilities: Capabilities
}

/**
 * The statements that bring staged rows into their table. Columns are matched by name. Null is a key like any other
 * here: a row whose key is null replaces the row whose key is null, where dbt would add one more each run.
 */
export function expandIncrement(increment: Increment, columns: IncrementColumns, engine: Engine): ExpandedIncrement {
  const ignoreCase = engine.capabilities.ignoresCase === true
  const matched = matchColumns(columns.target, columns.staged, ignoreCase)
  const scope: Scope = { increment, engine, matched, staged: columns.staged.map((c) => c.name), ignoreCase }
  const diagnostics = [...schemaProblems(scope), ...columnProblems(scope)]
  if (diagnostics.length > 0) return { diagnostics, checks: [], statements: [] }
  const statements = [...schemaStatements(scope), ...rowStatements(scope)]
  const checks = increment.strategy === 'merge' ? [duplicateCheck(scope)] : []
  return { diagnostics: [], checks, statements }
}

interface Scope {
  readonly increment: Increment
  readonly engine: Engine
  readonly matched: MatchedColumns
  readonly staged: readonly string[]
  readonly ignoreCase: boolean
}

type Statement = ExpandedIncrement['statements'][number]

function schemaProblems({ increment, engine, matched }: Scope): Diagnostic[] {
  const table = engine.dialect.relation(increment.target)
  const changes = changesOf(matched)
  const { added, removed, retyped } = changes
  if (increment.onSchemaChange === 'fail' && added.length + removed.length + retyped.length > 0)
    return [columnsChanged({ table, changes })]
  if (increment.onSchemaChange === 'ignore' && removed.length > 0) return [columnRemoved({ table, changes })]
  return []
}

function columnProblems({ increment, engine, staged, ignoreCase }: Scope): Diagnostic[] {
  const fold = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const known = new Set(staged.map(fold))
  const check = (key: string, names: readonly string[] | null): Diagnostic[] =>
    (names ?? [])
      .filter((name) => !known.has(fold(name)))
      .map((column) => unknownIncrementColumn({ key, column, columns: staged }))
  const problems = check('unique_key', increment.uniqueKey)
  if (increment.strategy !== 'merge') return problems
  if (engine.capabilities.merge !== true) problems.push(mergeUnsupported({ engine: engine.dialect.engine }))
  return [
    ...problems,
    ...check('merge_update_columns', increment.updateColumns),
    ...check('merge_exclude_columns', increment.excludeColumns),
  ]
}

function schemaStatements({ increment, engine, matched }: Scope): Statement[] {
  const { onSchemaChange, target } = increment
  if (onSchemaChange !== 'append_new_columns' && onSchemaChange !== 'sync_all_columns') return []
  const { dialect } = engine
  const step = (label: string, sql: string): Statement => ({ label, sql, countsRows: false })
  const add = matched.added.map((c) => step('add column', dialect.addColumn(target, c.name, c.type)))
  if (onSchemaChange === 'append_new_columns') return add
  const drop = matched.removed.map((c) => step('drop column', dialect.dropColumn(target, c.name)))
  const retype = matched.retyped.map((c) => step('change type', dialect.alterColumnType(target, c.name, c.to)))
  return [...add, ...drop, ...retype]
}

/** Columns that are written: of the table, with the name that the new rows have for them. */
function writtenColumns({ increment, matched }: Scope): readonly { name: string; staged: string }[] {
  const both = matched.common
  if (increment.onSchemaChange === 'ignore' || increment.onSchemaChange === 'fail') return both
  return [...both, ...matched.added.map((c) => ({ name: c.name, staged: c.name }))]
}

function rowStatements(scope: Scope): Statement[] {
  switch (scope.increment.strategy) {
    case 'append':
      return [{ label: 'insert rows', sql: insertSql(scope), countsRows: true }]
    case 'delete+insert':
      return [
        { label: 'delete rows', sql: deleteSql(scope), countsRows: false },
        { label: 'insert rows', sql: insertSql(scope), countsRows: true },
      ]
    case 'merge':
      return [{ label: 'merge rows', sql: mergeSql(scope), countsRows: true }]
  }
}

function insertSql(scope: Scope): string {
  const { dialect } = scope.engine
  const columns = writtenColumns(scope)
  const names = columns.map((c) => dialect.identifier(c.name)).join(', ')
  const values = columns.map((c) => dialect.identifier(c.staged)).join(', ')
  const { target, staged } = scope.increment
  return `insert into ${dialect.relation(target)} (${names})\nselect ${values} from ${dialect.relation(staged)}`
}

/** Keys and predicates, with the aliases that dbt's users write in `incremental_predicates`. */
function matchCondition({ increment, engine }: Scope): string {
  const { dialect } = engine
  const keys = increment.uniqueKey.map((key) => {
    const column = dialect.identifier(key)
    return dialect.nullSafeEqual(`DBT_INTERNAL_DEST.${column}`, `DBT_INTERNAL_SOURCE.${column}`)
  })
  return [...keys, ...increment.predicates.map((p) => `(${p})`)].join('\n  and ')
}

function deleteSql(scope: Scope): string {
  const { dialect } = scope.engine
  const { target, staged } = scope.increment
  return `delete from ${dialect.relation(target)} as DBT_INTERNAL_DEST
where exists (
  select 1 from ${dialect.relation(staged)} as DBT_INTERNAL_SOURCE
  where ${matchCondition(scope)}
)`
}

function mergeSql(scope: Scope): string {
  const { increment, engine, ignoreCase } = scope
  const { dialect } = engine
  const fold = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const folded = (names: readonly string[] | null): Set<string> | undefined =>
    names === null ? undefined : new Set(names.map(fold))
  const only = folded(increment.updateColumns)
  const except = folded(increment.excludeColumns)
  const keys = new Set(increment.uniqueKey.map(fold))
  const columns = writtenColumns(scope)
  const from = (c: { staged: string }): string => `DBT_INTERNAL_SOURCE.${dialect.identifier(c.staged)}`
  const updated = columns.filter((c) => {
    const name = fold(c.staged)
    return only !== undefined ? only.has(name) : !keys.has(name) && except?.has(name) !== true
  })
  const sets = updated.map((c) => `${dialect.identifier(c.name)} = ${from(c)}`).join(', ')
  const update = updated.length === 0 ? '' : `\nwhen matched then update set ${sets}`
  return `merge into ${dialect.relation(increment.target)} as DBT_INTERNAL_DEST
using ${dialect.relation(increment.staged)} as DBT_INTERNAL_SOURCE
on ${matchCondition(scope)}${update}
when not matched then insert (${columns.map((c) => dialect.identifier(c.name)).join(', ')})
values (${columns.map(from).join(', ')})`
}

function duplicateCheck({ increment, engine }: Scope): IncrementCheck {
  const { dialect } = engine
  const key = increment.uniqueKey.map((k) => dialect.identifier(k)).join(', ')
  return {
    sql: `select ${key}, count(*) as "rows" from ${dialect.relation(increment.staged)}
group by ${key} having count(*) > 1 order by ${key} limit 3`,
    diagnostic: duplicateKeys({ key: increment.uniqueKey }),
  }
}
