import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { OptionReader, type SortColumn } from './option-reader.ts'
import { type OutOfRange, readOutOfRange } from './out-of-range.ts'

export interface ParquetOptions {
  readonly compression: 'zstd' | 'snappy' | 'gzip' | 'uncompressed'
  /** Rows that are compressed together; null: as many as the engine takes. */
  readonly rowGroupSize: number | null
  readonly outOfRange: OutOfRange
  readonly orderBy: readonly SortColumn[]
}

const KEYS = ['compression', 'row_group_size', 'out_of_range', 'order_by']
const COMPRESSIONS = ['zstd', 'snappy', 'gzip', 'uncompressed'] as const
/** What the engine reads at once; it rounds smaller ones up. */
const LEAST_ROWS = 2048

/** `options` of `format: parquet`. */
export function readParquetOptions(reader: YamlReader, map: YamlMap, where: string): ParquetOptions {
  const options = new OptionReader(reader, map, { where, keys: KEYS })
  return {
    compression: options.choice('compression', COMPRESSIONS) ?? 'zstd',
    rowGroupSize: options.integer('row_group_size', LEAST_ROWS) ?? null,
    outOfRange: readOutOfRange(reader, map),
    orderBy: options.sorting(),
  }
}
