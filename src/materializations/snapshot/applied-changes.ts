import type { Dialect } from '../../adapters/dialect.ts'
import type { NodeRelation } from '../../project/resource.ts'
import type { History } from './history.ts'
import type { ResolvedSnapshot } from './snapshot-spec.ts'
import { CONTROL } from './staged-changes.ts'
import { isOpen, openEnd, runTime, scdId } from './version-time.ts'

/** Staged rows of a snapshot, and how they are told apart. All texts are conditions on the alias `staged`. */
export interface Changes {
  readonly snapshot: ResolvedSnapshot
  readonly history: History
  readonly staged: NodeRelation
}

/** A row that becomes a version at its own time. */
function isNew(dialect: Dialect): string {
  const [at, floor] = [CONTROL.at, CONTROL.floor].map((name) => `staged.${dialect.identifier(name)}`)
  return `(${at} > ${floor} or ${floor} is null)`
}

/**
 * A row that becomes a version at the time of the run, because at its own time another one was valid: the newest row of its
 * key, when it is another state than the open one.
 */
function isAgain({ snapshot }: Changes, dialect: Dialect): string {
  const { spec, timeType } = snapshot
  const column = (name: string): string => `staged.${dialect.identifier(name)}`
  const others = [`${column(CONTROL.open)} is null`, column(CONTROL.gone)]
  const another =
    spec.strategy === 'check'
      ? 'true'
      : `(${[...others, `${column(CONTROL.at)} > ${column(CONTROL.seen)}`].join(' or ')})`
  return `(${column(CONTROL.after)} is null and not ${isNew(dialect)} and coalesce(${runTime(spec, timeType, dialect)} > ${column(CONTROL.floor)}, false) and ${another})`
}

function isVersion(changes: Changes, dialect: Dialect): string {
  return `(staged.${dialect.identifier(CONTROL.found)} and (${isNew(dialect)} or ${isAgain(changes, dialect)}))`
}

/** When the version of a staged row begins. */
function beginning({ snapshot }: Changes, dialect: Dialect): string {
  const { spec, timeType } = snapshot
  return `case when ${isNew(dialect)} then staged.${dialect.identifier(CONTROL.at)} else ${runTime(spec, timeType, dialect)} end`
}

/** A key that is gone from the query, and was there before the time of the run. */
function isDeletion({ snapshot }: Changes, dialect: Dialect): string {
  const { spec, timeType } = snapshot
  const column = (name: string): string => `staged.${dialect.identifier(name)}`
  return `(not ${column(CONTROL.found)} and ${column(CONTROL.floor)} < ${runTime(spec, timeType, dialect)})`
}

/** Keys of the staged rows against those of another relation of the same types. */
function keysMatch({ snapshot, history }: Changes, dialect: Dialect, alias: string): string {
  return snapshot.key
    .map(({ name }) => {
      const { kept, grows, type } = history.columns.find((column) => column.name === name)!
      const own = `${alias}.${dialect.identifier(kept!.name)}`
      // The types differ until the history's has grown.
      return dialect.nullSafeJoin(`staged.${dialect.identifier(name)}`, grows ? `cast(${own} as ${type})` : own)
    })
    .join(' and ')
}

/** Columns that come, and types that grow: before rows are looked at, which DuckDB would not commit otherwise. */
export function schemaStatements({ snapshot, history }: Changes, dialect: Dialect): readonly string[] {
  const { target } = snapshot.spec
  return history.columns.flatMap(({ name, type, kept, grows }) => {
    if (kept === null) return [dialect.addColumn(target, name, type)]
    return grows ? [dialect.alterColumnType(target, kept.name, type)] : []
  })
}

/**
 * What follows the staging, on the staged table alone: where keys without an open version ended, and away with the rows that
 * the history has already.
 */
export function settleStatements(changes: Changes, dialect: Dialect): readonly string[] {
  const { snapshot, staged } = changes
  const { spec, key, meta } = snapshot
  const id = (name: string): string => dialect.identifier(name)
  const [table, history] = [dialect.relation(staged), dialect.relation(spec.target)]
  const keys = key.map(({ name }) => id(name))
  const ended = keys.map((name) => `ended.${name}`)
  const same = keys.map((name, i) => dialect.nullSafeJoin(`staged.${name}`, ended[i]!)).join(' and ')
  const floors = `update ${table} as staged set ${id(CONTROL.floor)} = ended.ended_at
from (
  select ${keys.map((name) => `staged.${name}`).join(', ')}, max(history.${id(spec.meta.dbt_valid_to)}) as ended_at
  from ${history} as history
  join (select distinct ${keys.join(', ')} from ${table} where ${id(CONTROL.found)} and ${id(CONTROL.open)} is null) as staged
    on ${keysMatch(changes, dialect, 'history')}
  group by ${keys.map((name) => `staged.${name}`).join(', ')}
) as ended
where staged.${id(CONTROL.found)} and staged.${id(CONTROL.open)} is null and ${same}`
  if (spec.strategy === 'check') return [floors]
  const own = meta.includes('dbt_is_deleted')
    ? ` and history.${id(spec.meta.dbt_is_deleted)}  is distinct from 'True'`
    : ''
  const known = `delete from ${table} as staged
where staged.${id(CONTROL.found)} and not ${isVersion(changes, dialect)} and exists (
  select 1 from ${history} as history
  where history.${id(spec.meta.dbt_updated_at)} = staged.${id(CONTROL.at)}${own} and ${keysMatch(changes, dialect, 'history')}
)`
  return [floors, known]
}

/** One row: rows that come too late, and missing keys that are newer than the run. */
export function lateQuery(changes: Changes, dialect: Dialect): string {
  const found = `staged.${dialect.identifier(CONTROL.found)}`
  return `select
  coalesce(sum(case when ${found} and not ${isVersion(changes, dialect)} then 1 else 0 end), 0) as versions,
  coalesce(sum(case when not ${found} and not ${isDeletion(changes, dialect)} then 1 else 0 end), 0) as deletions
from ${dialect.relation(changes.staged)} as staged`
}

/** Ends the open versions that are over. The only change that is ever made to rows of a history. */
export function closeStatement(changes: Changes, dialect: Dialect): string {
  const { snapshot, staged } = changes
  const { spec, timeType } = snapshot
  const column = (name: string): string => `staged.${dialect.identifier(name)}`
  const [before, floor] = [column(CONTROL.before), column(CONTROL.floor)]
  const isFirst = `(${isAgain(changes, dialect)} or ${before} is null or ${before} <= ${floor})`
  const end = `case when ${column(CONTROL.found)} then ${beginning(changes, dialect)} else ${runTime(spec, timeType, dialect)} end`
  return `update ${dialect.relation(spec.target)} as history set ${dialect.identifier(spec.meta.dbt_valid_to)} = ${end}
from ${dialect.relation(staged)} as staged
where history.${dialect.identifier(spec.meta.dbt_scd_id)} = ${column(CONTROL.open)}
  and ${isOpen(snapshot, dialect, 'history')}
  and ${keysMatch(changes, dialect, 'history')}
  and (${isVersion(changes, dialect)} and ${isFirst} or ${isDeletion(changes, dialect)})`
}

/** Adds the new versions. */
export function insertStatement(changes: Changes, dialect: Dialect): string {
  const { snapshot, history, staged } = changes
  const { spec, meta } = snapshot
  const id = (name: string): string => dialect.identifier(name)
  const from = beginning(changes, dialect)
  const values: Readonly<Record<string, string>> = {
    dbt_scd_id: scdId(snapshot, dialect, 'staged', from),
    dbt_updated_at: `staged.${id(CONTROL.at)}`,
    dbt_valid_from: from,
    dbt_valid_to: `coalesce(staged.${id(CONTROL.after)}, ${openEnd(snapshot, dialect)})`,
    dbt_is_deleted: `'False'`,
  }
  const names = [...history.columns.map((c) => c.kept?.name ?? c.name), ...meta.map((column) => spec.meta[column])]
  const selected = [...history.columns.map((c) => `staged.${id(c.name)}`), ...meta.map((column) => values[column]!)]
  return `insert into ${dialect.relation(spec.target)} (${names.map(id).join(', ')})
select ${selected.join(',\n  ')}
from ${dialect.relation(staged)} as staged
where ${isVersion(changes, dialect)}`
}

/** With `hard_deletes: new_record`: a version for each key that is gone, with the values that it had. */
export function deletionStatement(changes: Changes, dialect: Dialect): string | null {
  const { snapshot, history, staged } = changes
  const { spec, meta, timeType, key } = snapshot
  if (spec.hardDeletes !== 'new_record') return null
  const id = (name: string): string => dialect.identifier(name)
  const now = runTime(spec, timeType, dialect)
  const keyAsKept = {
    ...snapshot,
    key: key.map((k) => history.columns.find((column) => column.name === k.name)!.kept!),
  }
  const values: Readonly<Record<string, string>> = {
    dbt_scd_id: scdId(keyAsKept, dialect, 'history', now),
    dbt_updated_at: now,
    dbt_valid_from: now,
    dbt_valid_to: openEnd(snapshot, dialect),
    dbt_is_deleted: `'True'`,
  }
  const names = [...history.before.map((c) => c.name), ...meta.map((column) => spec.meta[column])]
  const selected = [...history.before.map((c) => `history.${id(c.name)}`), ...meta.map((column) => values[column]!)]
  return `insert into ${dialect.relation(spec.target)} (${names.map(id).join(', ')})
select ${selected.join(',\n  ')}
from ${dialect.relation(spec.target)} as history
join ${dialect.relation(staged)} as staged
  on history.${id(spec.meta.dbt_scd_id)} = staged.${id(CONTROL.open)} and ${keysMatch(changes, dialect, 'history')}
where ${isDeletion(changes, dialect)}`
}
