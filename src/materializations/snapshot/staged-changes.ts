import type { Dialect } from '../../adapters/dialect.ts'
import { type MappedText, MappedTextBuilder } from '../../base/source-map.ts'
import type { History, KeptColumn } from './history.ts'
import type { ResolvedSnapshot } from './snapshot-spec.ts'
import { isOpen, runTime } from './version-time.ts'

/** Columns of the staged table beside those of the query. */
export const CONTROL = {
  /** When the row's version begins, as the query says it; null for keys that are gone. */
  at: '__tsdbt_at',
  /** The same of the row of its key before and after it. */
  before: '__tsdbt_before',
  after: '__tsdbt_after',
  /** The query gives the row again, with the same key and time. */
  twice: '__tsdbt_twice',
  /** False for keys that the query does not give any more. */
  found: '__tsdbt_found',
  /** Id of the version that is open in the history. */
  open: '__tsdbt_open',
  /** No version may begin before it, or with it: where the last version of the key begins or, when it is closed, ends. */
  floor: '__tsdbt_floor',
  /** `dbt_updated_at` of the open version. */
  seen: '__tsdbt_seen',
  /** The open version says that the key is gone. */
  gone: '__tsdbt_gone',
} as const

/**
 * The query of the staged table: rows that are not what the history has open, and keys that are open there and gone from
 * the query. Reads the snapshot's query once.
 */
export function stagedChanges(
  snapshot: ResolvedSnapshot,
  history: History,
  query: MappedText,
  dialect: Dialect,
): MappedText {
  const { key, spec } = snapshot
  const id = (name: string): string => dialect.identifier(name)
  const deletes = spec.hardDeletes !== 'ignore'
  const keys = new Map(key.map((column, i) => [column.name, `${'__tsdbt_key_'}${i}`]))
  const match = [...keys].map(([name, open]) => dialect.nullSafeJoin(`rows_now.${id(name)}`, `open_now.${id(open)}`))
  const output = [
    ...history.columns.map(({ name }) => {
      const open = deletes ? keys.get(name) : undefined
      return open === undefined
        ? `rows_now.${id(name)}`
        : `coalesce(rows_now.${id(name)}, open_now.${id(open)}) as ${id(name)}`
    }),
    ...[CONTROL.at, CONTROL.before, CONTROL.after, CONTROL.twice].map((name) => `rows_now.${id(name)}`),
    `coalesce(rows_now.${id(CONTROL.found)}, false) as ${id(CONTROL.found)}`,
    ...[CONTROL.open, CONTROL.floor, CONTROL.seen, CONTROL.gone].map((name) => `open_now.${id(name)}`),
  ]
  return new MappedTextBuilder()
    .raw('with tsdbt_input as (\n')
    .append(query)
    .raw(`\n), rows_now as (
  select ${inputColumns(snapshot, history, dialect).join(',\n    ')}
  from tsdbt_input
), open_now as (
  select ${openColumns(snapshot, history, [...keys], dialect).join(',\n    ')}
  from ${dialect.relation(spec.target)} as history
  where ${isOpen(snapshot, dialect, 'history')}
)
select ${output.join(',\n  ')}
from rows_now
${deletes ? 'full' : 'left'} join open_now on ${match.join(' and ')}
where ${differs(snapshot, history, dialect)}`)
    .build()
}

/** The query's columns in the history's types, with the times of each row and of its neighbours. */
function inputColumns(snapshot: ResolvedSnapshot, history: History, dialect: Dialect): readonly string[] {
  const { spec, key, updatedAt, timeType } = snapshot
  const input = (name: string): string => `tsdbt_input.${dialect.identifier(name)}`
  const cast = ({ name, type, kept, grows }: KeptColumn): string =>
    kept === null || grows || kept.type === type
      ? input(name)
      : `cast(${input(name)} as ${kept.type}) as ${dialect.identifier(name)}`
  const keys = key.map((column) => input(column.name)).join(', ')
  const at =
    updatedAt === null
      ? runTime(spec, timeType, dialect)
      : updatedAt.type === timeType
        ? input(updatedAt.name)
        : `cast(${input(updatedAt.name)} as ${timeType})`
  const none = `cast(null as ${timeType})`
  const versions = spec.strategy === 'timestamp'
  const beside = (side: string): string => `${side}(${at}) over (partition by ${keys} order by ${at})`
  const twice = versions ? `${beside('lead')} = ${at}` : `count(*) over (partition by ${keys}) > 1`
  const as = (expression: string, name: string): string => `${expression} as ${dialect.identifier(name)}`
  return [
    ...history.columns.map(cast),
    as(at, CONTROL.at),
    as(versions ? beside('lag') : none, CONTROL.before),
    as(versions ? beside('lead') : none, CONTROL.after),
    as(`coalesce(${twice}, false)`, CONTROL.twice),
    as('true', CONTROL.found),
  ]
}

/** The open versions: their keys in the query's types, what may be compared, and where they stand. */
function openColumns(
  snapshot: ResolvedSnapshot,
  history: History,
  keys: readonly (readonly [string, string])[],
  dialect: Dialect,
): readonly string[] {
  const { spec, meta, checked } = snapshot
  const own = (name: string): string => `history.${dialect.identifier(name)}`
  const as = (expression: string, name: string): string => `${expression} as ${dialect.identifier(name)}`
  const of = (name: string): KeptColumn => history.columns.find((column) => column.name === name)!
  const value = ({ type, kept, grows }: KeptColumn): string =>
    kept === null ? `cast(null as ${type})` : grows ? `cast(${own(kept.name)} as ${type})` : own(kept.name)
  const gone = meta.includes('dbt_is_deleted') ? `coalesce(${own(spec.meta.dbt_is_deleted)} = 'True', false)` : 'false'
  return [
    ...keys.map(([name, open]) => as(value(of(name)), open)),
    ...checked.map((column, i) => as(value(of(column.name)), `__tsdbt_old_${i}`)),
    as(own(spec.meta.dbt_scd_id), CONTROL.open),
    as(own(spec.meta.dbt_valid_from), CONTROL.floor),
    as(own(spec.meta.dbt_updated_at), CONTROL.seen),
    as(gone, CONTROL.gone),
  ]
}

/** What is staged: everything that may change the history, and everything that must not be in a query. */
function differs({ spec, checked, updatedAt }: ResolvedSnapshot, history: History, dialect: Dialect): string {
  const id = (name: string): string => dialect.identifier(name)
  const row = (name: string): string => `rows_now.${id(name)}`
  const open = (name: string): string => `open_now.${id(name)}`
  const changed =
    spec.strategy === 'timestamp'
      ? [`${row(CONTROL.at)} is distinct from ${open(CONTROL.seen)}`]
      : checked.map((column, i) => {
          const kept = history.columns.find((c) => c.name === column.name)!
          const type = kept.kept === null || kept.grows ? kept.type : kept.kept.type
          const compared = (text: string): string => dialect.comparable?.(text, type) ?? text
          return `${compared(row(column.name))} is distinct from ${compared(open(`__tsdbt_old_${i}`))}`
        })
  const always = [`${open(CONTROL.open)} is null`, open(CONTROL.gone), row(CONTROL.twice)]
  if (updatedAt !== null) always.push(`${row(CONTROL.at)} is null`)
  const kept = `(${[...always, ...changed].join('\n  or ')})`
  if (spec.hardDeletes === 'ignore') return kept
  const missing = `${row(CONTROL.found)} is null`
  return `case when ${missing} then not ${open(CONTROL.gone)} else ${kept} end`
}
