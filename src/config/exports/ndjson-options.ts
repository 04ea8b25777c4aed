import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { type FileCompression, readFileCompression } from './file-compression.ts'
import { OptionReader, type SortColumn } from './option-reader.ts'

export interface NdjsonOptions {
  readonly compression: FileCompression
  readonly orderBy: readonly SortColumn[]
}

/** `options` of `format: ndjson`. */
export function readNdjsonOptions(reader: YamlReader, map: YamlMap, where: string, to: string | null): NdjsonOptions {
  const options = new OptionReader(reader, map, { where, keys: ['compression', 'order_by'] })
  return { compression: readFileCompression(options, to), orderBy: options.sorting() }
}
