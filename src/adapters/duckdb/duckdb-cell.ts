import type * as Driver from '@duckdb/node-api'
import type { Cell } from '../adapter.ts'

/** The shortest decimal that reads back as the same 32-bit float. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

function integer(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function hex(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/**
 * Values of the driver as cells. Integers are numbers up to 2^53 and bigint above; blobs are `\x` and hex digits; a map is an
 * object whose keys are text; times with a zone are in UTC; other types that JavaScript lacks are the engine's own text.
 */
export function cellConverter(driver: typeof Driver): Driver.DuckDBValueConverter<Cell> {
  const id = driver.DuckDBTypeId
  const convert: Driver.DuckDBValueConverter<Cell> = (value, type) => {
    if (value === null || value === undefined) return null
    if (typeof value === 'bigint') return integer(value)
    if (typeof value === 'number') return type.typeId === id.FLOAT ? shortestFloat(value) : value
    if (typeof value === 'string' || typeof value === 'boolean') return value
    if (value instanceof driver.DuckDBBlobValue) return hex(value.bytes)
    if (value instanceof driver.DuckDBTimestampTZValue) {
      if (!value.isFinite) return value.toString()
      return `${new driver.DuckDBTimestampValue(value.micros).toString()}+00`
    }
    if (value instanceof driver.DuckDBListValue || value instanceof driver.DuckDBArrayValue) {
      const item = (type as Driver.DuckDBListType | Driver.DuckDBArrayType).valueType
      return value.items.map((v) => convert(v, item, convert))
    }
    if (value instanceof driver.DuckDBStructValue) {
      const struct = type as Driver.DuckDBStructType
      return Object.fromEntries(
        struct.entryNames.map((name, i) => [
          name,
          convert(value.entries[name] ?? null, struct.entryTypes[i]!, convert),
        ]),
      )
    }
    if (value instanceof driver.DuckDBMapValue) {
      const map = type as Driver.DuckDBMapType
      return Object.fromEntries(
        value.entries.map((e) => [
          String(convert(e.key, map.keyType, convert)),
          convert(e.value, map.valueType, convert),
        ]),
      )
    }
    if (value instanceof driver.DuckDBUnionValue) {
      const union = type as Driver.DuckDBUnionType
      return convert(value.value, union.memberTypeForTag(value.tag), convert)
    }
    return value.toString()
  }
  return convert
}
