import type { Dialect } from '../../adapters/dialect.ts'
import { type MappedText, MappedTextBuilder } from '../../base/source-map.ts'
import type { ResolvedSnapshot } from './snapshot-spec.ts'
import { openEnd, runTime, scdId } from './version-time.ts'

/** The query of a history that begins: every row is a version, and several of one key follow each other. */
export function firstVersions(snapshot: ResolvedSnapshot, query: MappedText, dialect: Dialect): MappedText {
  const { spec, columns, key, updatedAt, timeType, meta } = snapshot
  const name = (column: string): string => `tsdbt_input.${dialect.identifier(column)}`
  const from = updatedAt === null ? runTime(spec, timeType, dialect) : name(updatedAt.name)
  const keys = key.map((k) => name(k.name)).join(', ')
  const next = spec.strategy === 'check' ? null : `lead(${from}) over (partition by ${keys} order by ${from})`
  const end = openEnd(snapshot, dialect)
  const values: Readonly<Record<string, string>> = {
    dbt_scd_id: scdId(snapshot, dialect, 'tsdbt_input', from),
    dbt_updated_at: from,
    dbt_valid_from: from,
    dbt_valid_to: next === null ? end : spec.validToCurrent === null ? next : `coalesce(${next}, ${end})`,
    dbt_is_deleted: `cast('False' as varchar)`,
  }
  const selected = [
    ...columns.map((c) => name(c.name)),
    ...meta.map((column) => `${values[column]} as ${dialect.identifier(spec.meta[column])}`),
  ]
  return new MappedTextBuilder()
    .raw(`select\n  ${selected.join(',\n  ')}\nfrom (\n`)
    .append(query)
    .raw('\n) as tsdbt_input')
    .build()
}
