import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { EXTRACT_KEYS, type HyperOptions, readExtractOptions } from './hyper-options.ts'
import { INTO_KEYS, type IntoOptions, readInto } from './package-options.ts'
import { DATA_SOURCE_KEYS, type DataSourceOptions, readDataSourceOptions } from './tds-options.ts'

export interface TdsxOptions extends DataSourceOptions {
  /** Null: the package is made anew. */
  readonly into: IntoOptions | null
  /** Of the extract in the package. */
  readonly extract: HyperOptions
}

/** `options` of `format: tdsx`. */
export function readTdsxOptions(reader: YamlReader, map: YamlMap, where: string): TdsxOptions {
  reader.map(map, `\`options\` of ${where}`, [...DATA_SOURCE_KEYS, ...INTO_KEYS, ...EXTRACT_KEYS])
  return {
    ...readDataSourceOptions(reader, map),
    into: readInto(reader, map),
    extract: readExtractOptions(reader, map),
  }
}
