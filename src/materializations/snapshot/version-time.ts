import type { Dialect } from '../../adapters/dialect.ts'
import type { ResolvedSnapshot, SnapshotSpec } from './snapshot-spec.ts'

/** True for types that can hold the time of a run. Versions may also be counted by numbers. */
export function isTimeType(type: string): boolean {
  return /^(date|timestamp)/i.test(type)
}

/** The time of the run as a value of that type; null where it cannot be one. */
export function runTime({ at }: SnapshotSpec, type: string, dialect: Dialect): string {
  if (!isTimeType(type)) return `cast(null as ${type})`
  const zoned = /with time zone|timestamptz/i.test(type)
  const text = /^date/i.test(type) ? at.slice(0, 10) : zoned ? `${at}+00` : at
  return `cast(${dialect.literal(text)} as ${type})`
}

/** When versions end that are valid now: null, or `dbt_valid_to_current`. */
export function openEnd({ spec, timeType }: ResolvedSnapshot, dialect: Dialect): string {
  const { validToCurrent } = spec
  if (validToCurrent === null) return `cast(null as ${timeType})`
  // YAML takes a date without quotes for text, SQL would take it for a subtraction.
  const isDate = /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$/.test(validToCurrent.trim())
  return `cast(${isDate ? dialect.literal(validToCurrent.trim()) : `(${validToCurrent})`} as ${timeType})`
}

/** Whether a version of the history is valid now. */
export function isOpen(snapshot: ResolvedSnapshot, dialect: Dialect, alias: string): string {
  const validTo = `${alias}.${dialect.identifier(snapshot.spec.meta.dbt_valid_to)}`
  const never = `${validTo} is null`
  return snapshot.spec.validToCurrent === null ? never : `(${never} or ${validTo} = ${openEnd(snapshot, dialect)})`
}

/**
 * dbt's id of a version: the md5 of its key and of the time from which it is valid. What would make two keys one text is
 * escaped, so that the id is unique.
 */
export function scdId(snapshot: ResolvedSnapshot, dialect: Dialect, alias: string, from: string): string {
  const text = (expression: string): string => `cast(${expression} as varchar)`
  const keys = snapshot.key.map(({ name }) => {
    const value = text(`${alias}.${dialect.identifier(name)}`)
    return `coalesce(replace(replace(${value}, '\\', '\\\\'), '|', '\\|'), '\\N')`
  })
  return `md5(${[...keys, text(from)].join(` || '|' || `)})`
}
