import { wrongType } from './errors.ts'
import type { DateEntry } from './property-types.ts'
import { entryOf, type YamlMap } from './yaml-node.ts'
import { describeValue, isNothing, type YamlReader } from './yaml-reader.ts'

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?$/

/** A date, or a date with a time; without a zone it is UTC. */
export function readDate(reader: YamlReader, map: YamlMap, key: string): DateEntry | null {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return null
  const value = reader.value(entry.value)
  if (value === undefined) return null
  const span = reader.span(entry.value)
  const moment = typeof value === 'string' && DATE.test(value) ? momentOf(value) : undefined
  if (moment !== undefined) return { iso: moment, span }
  const got = typeof value === 'string' ? `\`${value}\`` : describeValue(value)
  reader.report(wrongType({ what: `\`${key}\``, expected: 'a date such as `2027-01-31`', got }, { span }))
  return null
}

function momentOf(text: string): string | undefined {
  const compact = text.trim().replace(' ', 'T').replaceAll(' ', '')
  const zoned = /(Z|[+-]\d{2}(:?\d{2})?)$/.test(compact.slice(10))
    ? compact
    : `${compact}${compact.length > 10 ? '' : 'T00:00'}Z`
  const time = Date.parse(zoned.replace(/([+-]\d{2})$/, '$1:00'))
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('.000Z', '+00:00')
}
