import type { Capabilities, ResultColumn } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError } from '../base/errors.ts'
import type { TimeWindow } from '../base/event-time.ts'
import { eventTimeColumn } from '../sql/event-time-column.ts'
import { inWindow, timeTypeOf } from '../sql/time-window.ts'
import { columnRemoved, columnsChanged, duplicateKeys, unknownColumnInConfig } from './errors.ts'
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

/** What is known of the staged rows. */
export interface IncrementFacts {
  readonly target: readonly ResultColumn[]
  readonly staged: readonly ResultColumn[]
  /** False when no staged row has a null in its key: then `=` finds the matches, which engines can hash and index. */
  readonly nullKeys: boolean
  /** Of `microbatch`; absent when the rows themselves say which batches they are. */
  readonly replaced?: ReplacedTime | undefined
}

/** Which rows of a table batches replace, and by which. */
export interface ReplacedTime {
  /** Windows of the table whose rows go; none when every batch failed or read nothing on purpose. */
  readonly windows: readonly TimeWindow[]
  /** Condition on the staged rows that stay. */
  readonly kept: string
}

/** One row, one column: whether a staged row has a null in its key. Undefined when no key is compared. */
export function nullKeyQuery({ strategy, uniqueKey, staged }: Increment, dialect: Dialect): string | undefined {
  if (strategy === 'append' || strategy === 'microbatch' || uniqueKey.length === 0) return undefined
  const isNull = uniqueKey.map((key) => `${dialect.identifier(key)} is null`).join(' or ')
  return `select exists (select 1 from ${dialect.relation(staged)} where ${isNull}) as null_keys`
}

export interface Engine {
  readonly dialect: Dialect
  readonly capabilities: Capabilities
}

/**
 * The statements that bring staged rows into their table. Columns are matched by name. Null is a key like any other
 * here: a row whose key is null replaces the row whose key is null, where dbt would add one more each run.
 */
export function expandIncrement(increment: Increment, facts: IncrementFacts, engine: Engine): ExpandedIncrement {
  const ignoreCase = engine.capabilities.ignoresCase === true
  const matched = matchColumns(facts.target, facts.staged, ignoreCase)
  const staged = facts.staged.map((c) => c.name)
  const scope: Scope = { increment, engine, matched, staged, ignoreCase, nullKeys: facts.nullKeys, facts }
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
  readonly nullKeys: boolean
  readonly facts: IncrementFacts
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

function columnProblems({ increment, staged, ignoreCase }: Scope): Diagnostic[] {
  const fold = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const known = new Set(staged.map(fold))
  const check = (key: string, names: readonly string[] | null): Diagnostic[] =>
    (names ?? [])
      .filter((name) => !known.has(fold(name)))
      .map((column) => unknownColumnInConfig({ key, column, columns: staged }))
  const problems = check('unique_key', increment.uniqueKey)
  if (increment.strategy !== 'merge') return problems
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
    case 'microbatch':
      return windowStatements(scope)
    case 'merge':
      if (scope.engine.capabilities.merge === true)
        return [{ label: 'merge rows', sql: mergeSql(scope), countsRows: true }]
      return mergeByParts(scope)
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

/** The rows of whole windows go, and those of their batches come. */
function windowStatements(scope: Scope): Statement[] {
  const { increment, engine, facts } = scope
  if (facts.replaced?.windows.length === 0) return []
  const column = eventTimeColumn(facts.target, increment.eventTime!)
  if (column === undefined) throw new InternalError(`${increment.target.identifier} has no \`${increment.eventTime}\``)
  const { dialect } = engine
  const goes =
    facts.replaced === undefined ? sameBatch(scope, column) : inWindows(scope, column, facts.replaced.windows)
  const kept = facts.replaced === undefined ? '' : `\nwhere ${facts.replaced.kept}`
  const remove = `delete from ${dialect.relation(increment.target)}\nwhere ${goes}`
  return [
    { label: 'delete rows', sql: remove, countsRows: false },
    { label: 'insert rows', sql: `${insertSql(scope)}${kept}`, countsRows: true },
  ]
}

function inWindows({ engine }: Scope, { name, type }: ResultColumn, windows: readonly TimeWindow[]): string {
  const column = engine.dialect.identifier(name)
  return windows.map((window) => `(${inWindow(column, timeTypeOf(type), window)})`).join('\n   or ')
}

/** Rows of the batches to which the staged rows belong. */
function sameBatch({ increment, engine, facts }: Scope, { name }: ResultColumn): string {
  const { dialect } = engine
  const staged = eventTimeColumn(facts.staged, increment.eventTime!)?.name ?? name
  const batch = (column: string): string => `date_trunc('${increment.batchSize}', ${dialect.identifier(column)})`
  return `${batch(name)} in (select ${batch(staged)} from ${dialect.relation(increment.staged)})`
}

/** Keys and predicates, with the aliases that dbt's users write in `incremental_predicates`. */
function matchCondition({ increment, engine, nullKeys }: Scope): string {
  const { dialect } = engine
  const keys = increment.uniqueKey.map((key) => {
    const column = dialect.identifier(key)
    const sides = [`DBT_INTERNAL_DEST.${column}`, `DBT_INTERNAL_SOURCE.${column}`] as const
    return nullKeys ? dialect.nullSafeEqual(...sides) : sides.join(' = ')
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

/** The columns that a match changes: `merge_update_columns`, or all but the key and `merge_exclude_columns`. */
function updatedColumns(scope: Scope): readonly { name: string; staged: string }[] {
  const { increment, ignoreCase } = scope
  const fold = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const folded = (names: readonly string[] | null): Set<string> | undefined =>
    names === null ? undefined : new Set(names.map(fold))
  const only = folded(increment.updateColumns)
  const except = folded(increment.excludeColumns)
  const keys = new Set(increment.uniqueKey.map(fold))
  return writtenColumns(scope).filter((c) => {
    const name = fold(c.staged)
    return only !== undefined ? only.has(name) : !keys.has(name) && except?.has(name) !== true
  })
}

function sourceColumn({ engine }: Scope, { staged }: { staged: string }): string {
  return `DBT_INTERNAL_SOURCE.${engine.dialect.identifier(staged)}`
}

function setsOf(scope: Scope): string {
  const { dialect } = scope.engine
  return updatedColumns(scope)
    .map((c) => `${dialect.identifier(c.name)} = ${sourceColumn(scope, c)}`)
    .join(', ')
}

/** `merge` for an engine that has none: matches are updated, the others inserted, in one transaction. */
function mergeByParts(scope: Scope): Statement[] {
  const { dialect } = scope.engine
  const [target, staged] = [dialect.relation(scope.increment.target), dialect.relation(scope.increment.staged)]
  const columns = writtenColumns(scope)
  const sets = setsOf(scope)
  const update: Statement = {
    label: 'update rows',
    sql: `update ${target} as DBT_INTERNAL_DEST set ${sets}
from ${staged} as DBT_INTERNAL_SOURCE
where ${matchCondition(scope)}`,
    countsRows: true,
  }
  const insert: Statement = {
    label: 'merge rows',
    sql: `insert into ${target} (${columns.map((c) => dialect.identifier(c.name)).join(', ')})
select ${columns.map((c) => sourceColumn(scope, c)).join(', ')} from ${staged} as DBT_INTERNAL_SOURCE
where not exists (
  select 1 from ${target} as DBT_INTERNAL_DEST
  where ${matchCondition(scope)}
)`,
    countsRows: true,
  }
  return sets === '' ? [insert] : [update, insert]
}

function mergeSql(scope: Scope): string {
  const { increment, engine } = scope
  const { dialect } = engine
  const columns = writtenColumns(scope)
  const sets = setsOf(scope)
  const update = sets === '' ? '' : `\nwhen matched then update set ${sets}`
  return `merge into ${dialect.relation(increment.target)} as DBT_INTERNAL_DEST
using ${dialect.relation(increment.staged)} as DBT_INTERNAL_SOURCE
on ${matchCondition(scope)}${update}
when not matched then insert (${columns.map((c) => dialect.identifier(c.name)).join(', ')})
values (${columns.map((c) => sourceColumn(scope, c)).join(', ')})`
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
