import { type ConfigResource, canonicalConfigKey, configKeysOf } from './config-keys.ts'
import { type ConfigLayer, readConfigEntries } from './config-layer.ts'
import { entryOf, type YamlMap } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

/** Whose configuration is read. */
export interface ConfigPlace {
  /** For messages: "the model `orders`". */
  readonly where: string
  readonly resource: ConfigResource
  /** Keys of the entry itself that are configuration, too. */
  readonly beside: readonly string[]
}

const NO_CONFIG: ConfigLayer = []

/** The keys beside `config:` that are configuration, then those of `config:` itself. */
export function readConfig(reader: YamlReader, map: YamlMap, { where, resource, beside }: ConfigPlace): ConfigLayer {
  const outer = beside.flatMap((key) => {
    const entry = entryOf(map, key)
    return entry === undefined || isNothing(entry.value) ? [] : [entry]
  })
  const inner = entryOf(map, 'config')
  const config =
    inner === undefined || isNothing(inner.value)
      ? undefined
      : reader.map(inner.value, `\`config\` of ${where}`, undefined)
  const entries = [...outer, ...(config?.entries ?? [])]
  return entries.length === 0 ? NO_CONFIG : readConfigEntries(reader, entries, resource)
}

/** Points from a configuration key in the wrong place to the right one. */
export function configHint(resource: ConfigResource): (key: string) => string | undefined {
  return (key) => {
    const bare = key.startsWith('+') ? key.slice(1) : key
    return configKeysOf(resource).includes(canonicalConfigKey(bare))
      ? `\`${bare}\` is a configuration: write it under \`config:\``
      : undefined
  }
}
