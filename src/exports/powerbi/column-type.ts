import type { LogicalType } from '../../adapters/logical-type.ts'
import type { DataType, ModelColumn } from './semantic-model.ts'

type ColumnType = Pick<ModelColumn, 'dataType' | 'queryType' | 'cast' | 'part'>

const plain = (dataType: DataType, queryType: string): ColumnType => ({ dataType, queryType, cast: null, part: null })
const cast = (type: ColumnType, sql: string): ColumnType => ({ ...type, cast: { type: sql, utc: false } })

const TEXT = plain('string', 'type text')
const DOUBLE = plain('double', 'type number')
const DATE: ColumnType = { ...plain('dateTime', 'type date'), part: 'Date' }
const TIME: ColumnType = { ...plain('dateTime', 'type time'), part: 'Time' }
const MOMENT = plain('dateTime', 'type datetime')

/**
 * What a column is in Power BI; null for bytes, which no report shows. Power BI keeps 64-bit integers, doubles, and decimals
 * of 15 digits before and 4 behind the point: what is longer becomes a double, what it does not know becomes text.
 */
export function columnType(type: LogicalType): ColumnType | null {
  switch (type.kind) {
    case 'boolean':
      return plain('boolean', 'type logical')
    case 'integer':
      return type.bits === 128 || (type.bits === 64 && !type.signed)
        ? cast(DOUBLE, 'double precision')
        : plain('int64', 'Int64.Type')
    case 'decimal':
      return decimalType(type.precision, type.scale)
    case 'float':
      return DOUBLE
    case 'date':
      return DATE
    case 'time':
      return type.zone ? cast(TEXT, 'varchar') : TIME
    case 'timestamp':
      return type.zone ? { ...MOMENT, cast: { type: 'timestamp', utc: true } } : MOMENT
    case 'text':
      return TEXT
    case 'blob':
      return null
    default:
      return cast(TEXT, 'varchar')
  }
}

function decimalType(precision: number | null, scale: number | null): ColumnType {
  if (precision === null || scale === null || precision > 38) return cast(DOUBLE, 'double precision')
  return scale <= 4 && precision - scale <= 16 ? plain('decimal', 'Currency.Type') : DOUBLE
}
