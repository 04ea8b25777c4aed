/**
 * YAML as plain data with places. Offsets are UTF-16 units into the file; aliases share the node of their anchor and
 * `<<` is already merged in.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  /** Before templates are evaluated. */
  readonly value: null | boolean | number | string
  /** The text as it stands in the file when no escape or folding changed it, so that offsets inside it are exact. */
  readonly exact: boolean
  /** Start of the value's text, after an opening quote. */
  readonly textStart: number
  readonly start: number
  readonly end: number
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly start: number
  readonly end: number
}

export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly start: number
  readonly end: number
}

export interface YamlEntry {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: YamlNode
}

/** The entry with this key, or undefined. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((e) => e.key === key)
}

/** `a list`, `text`, `a number` … for messages. */
export function describeYaml(node: YamlNode): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'map') return 'a mapping'
  return describeScalar(node.value)
}

export function describeScalar(value: null | boolean | number | string): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return `the text \`${value.length > 40 ? `${value.slice(0, 40)}…` : value}\``
  return `\`${String(value)}\``
}
