import { entryOf, type YamlMap } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'

export interface ParquetOptions {
  readonly compression: 'zstd' | 'snappy' | 'gzip' | 'uncompressed'
}

/** `options` of `format: parquet`. */
export function readParquetOptions(reader: YamlReader, map: YamlMap, where: string): ParquetOptions {
  reader.map(map, `\`options\` of ${where}`, ['compression'])
  const entry = entryOf(map, 'compression')
  const compressions = ['zstd', 'snappy', 'gzip', 'uncompressed'] as const
  return {
    compression:
      (entry !== undefined && !isNothing(entry.value)
        ? reader.choice(entry.value, '`compression`', compressions)
        : undefined) ?? 'zstd',
  }
}
