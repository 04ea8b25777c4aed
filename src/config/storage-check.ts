import { boolean, oneOf, orNull, type ValueCheck } from './config-value-check.ts'
import type { ConfigValue } from './node-config.ts'
import { listOf, record } from './record-check.ts'

/** Text that says something. */
export const someText: ValueCheck = (value) =>
  typeof value === 'string' && value.trim() !== '' ? { ok: true, value } : { ok: false, expected: 'text' }

/** Names of columns; a single one may stand without a list. */
const columns: ValueCheck = (value) => {
  if (typeof value === 'string') return columns([value])
  const good = Array.isArray(value) && value.length > 0 && value.every((name) => someText(name).ok)
  return good ? { ok: true, value } : { ok: false, expected: 'a column name or a list of column names' }
}

const indexFields = {
  columns,
  unique: boolean,
  type: orNull(someText),
  include: columns,
  where: orNull(someText),
  name: orNull(someText),
}

/** `indexes`: dbt's `columns`, `unique`, `type`, and our `include`, `where`, `name`. */
export const indexes: ValueCheck = listOf(record(indexFields, ['columns']), 'a list of indexes')

/** Percent of a page that is filled. */
export const fillfactor: ValueCheck = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 10 && value <= 100
    ? { ok: true, value }
    : { ok: false, expected: 'a whole number from 10 to 100' }

const partitionKinds = ['range', 'list', 'hash']
const granularities = ['day', 'month', 'year']

const partitionCount: ValueCheck = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2000
    ? { ok: true, value }
    : { ok: false, expected: 'a whole number from 1 to 2000' }

const partitionFields = record({
  column: someText,
  field: someText,
  type: oneOf(partitionKinds),
  granularity: oneOf(granularities),
  partitions: partitionCount,
})

/** `partition_by`, with `column` (or dbt's `field`) and `type` always written out. */
export const partitionBy: ValueCheck = (value) => {
  const checked = partitionFields(value)
  if (!checked.ok) return checked
  const { column, field, ...rest } = checked.value as { readonly [key: string]: ConfigValue }
  const name = column ?? field
  if (name === undefined) return { ok: false, expected: 'a mapping with `column`' }
  if (column !== undefined && field !== undefined)
    return { ok: false, expected: 'a mapping with either `column` or `field`', path: ['field'] }
  const type = rest['type'] ?? 'range'
  for (const [key, owner] of [
    ['granularity', 'range'],
    ['partitions', 'hash'],
  ] as const) {
    if (type === owner && rest[key] === undefined)
      return { ok: false, expected: `a mapping with \`${key}\`, because its \`type\` is \`${owner}\`` }
    if (type !== owner && rest[key] !== undefined)
      return {
        ok: false,
        expected: `a mapping without \`${key}\`, because its \`type\` is \`${String(type)}\``,
        path: [key],
      }
  }
  return { ok: true, value: { column: name, ...rest, type } }
}
