import type { LogicalType } from '../../adapters/logical-type.ts'
import type { DataType, ModelColumn } from './semantic-model.ts'

type ColumnType = Pick<ModelColumn, 'dataType' | 'queryType' | 'written' | 'part'>

const plain = (dataType: DataType, queryType: string): ColumnType => ({
  dataType,
  queryType,
  written: null,
  part: null,
})

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
      return type.bits === 128 || (type.bits === 64 && !type.signed) ? DOUBLE : plain('int64', 'Int64.Type')
    case 'decimal':
      return decimalType(type.precision, type.scale)
    case 'float':
      return DOUBLE
    case 'date':
      return DATE
    case 'time':
      return type.zone ? TEXT : TIME
    case 'timestamp':
      return type.zone ? { ...MOMENT, written: 'utc' } : MOMENT
    case 'blob':
      return null
    case 'uuid':
    case 'json':
      return { ...TEXT, written: 'text' }
    case 'nested':
      return { ...TEXT, written: 'json' }
    case 'text':
    case 'interval':
    case 'geometry':
    case 'other':
      return TEXT
  }
}

function decimalType(precision: number | null, scale: number | null): ColumnType {
  if (precision === null || scale === null || precision > 38) return DOUBLE
  return scale <= 4 && precision - scale <= 16 ? plain('decimal', 'Currency.Type') : DOUBLE
}
