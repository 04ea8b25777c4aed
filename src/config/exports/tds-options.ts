import { entryOf, type YamlMap } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'

/** What a data source of Tableau is like, wherever its rows are. */
export interface DataSourceOptions {
  /** What Tableau shows as its name; null: the export's label, else its name. */
  readonly caption: string | null
  /** Whether fields are sorted into the folders that their columns name. */
  readonly folders: boolean
}

export interface TdsOptions extends DataSourceOptions {
  /** Where Tableau reaches the server; null: as the profile says. */
  readonly server: string | null
  readonly port: number | null
  readonly username: string | null
}

export const DATA_SOURCE_KEYS = ['caption', 'folders'] as const

/** `options` of `format: tds`. */
export function readTdsOptions(reader: YamlReader, map: YamlMap, where: string): TdsOptions {
  reader.map(map, `\`options\` of ${where}`, [...DATA_SOURCE_KEYS, 'server', 'port', 'username'])
  const port = entryOf(map, 'port')
  return {
    ...readDataSourceOptions(reader, map),
    server: reader.optionalText(map, 'server', '`server`') ?? null,
    port: (port === undefined || isNothing(port.value) ? undefined : reader.integer(port.value, '`port`', 1)) ?? null,
    username: reader.optionalText(map, 'username', '`username`') ?? null,
  }
}

export function readDataSourceOptions(reader: YamlReader, map: YamlMap): DataSourceOptions {
  return {
    caption: reader.optionalText(map, 'caption', '`caption`') ?? null,
    folders: reader.optionalBoolean(map, 'folders', '`folders`') ?? false,
  }
}
