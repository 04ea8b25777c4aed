import { SourceFile } from '../../base/source-file.ts'
import type { Span } from '../../base/span.ts'
import { parseYaml } from '../../config/parse-yaml.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../config/yaml-node.ts'
import type { RelationNode } from '../../project/resource.ts'

/** Where a value of `meta` stands. */
export interface MetaPlace {
  readonly file: SourceFile
  /** The value as written; undefined when it came from elsewhere, for example a folder's configuration. */
  readonly written: YamlNode | undefined
  /** What to point at when the value itself cannot be found. */
  readonly whole: Span
}

/** Finds what property files say under `meta`, for messages that point at it. Files are parsed once. */
export class MetadataPlaces {
  readonly #read: (path: string) => string | undefined
  readonly #files = new Map<string, { readonly file: SourceFile; readonly maps: readonly YamlMap[] }>()

  /** `read`: the text of a file of the project by its path in spans; undefined when there is none. */
  constructor(read: (path: string) => string | undefined) {
    this.#read = read
  }

  ofColumn(span: Span, key: string): MetaPlace {
    const { file, maps } = this.#parsed(span.path)
    const map = maps.find((m) => entryOf(m, 'name')?.value.start === span.start)
    return { file, written: metaValue(map, key), whole: span }
  }

  ofNode(node: Pick<RelationNode, 'name' | 'patchPath' | 'span'>, key: string): MetaPlace {
    const path = node.patchPath?.replace(/^[^:/]*:\/\//, '') ?? node.span.path
    const { file, maps } = this.#parsed(path)
    const named = maps.filter((m) => {
      const name = entryOf(m, 'name')?.value
      return name?.kind === 'scalar' && name.value === node.name
    })
    const map = named.find((m) => metaValue(m, key) !== undefined) ?? named[0]
    const name = map === undefined ? undefined : entryOf(map, 'name')?.value
    const whole = name === undefined ? node.span : { path, start: name.start, end: name.end }
    return { file, written: metaValue(map, key), whole }
  }

  #parsed(path: string): { readonly file: SourceFile; readonly maps: readonly YamlMap[] } {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const text = this.#read(path)
    const file = new SourceFile(path, text ?? '')
    const root = text === undefined || !/\.ya?ml$/i.test(path) ? undefined : parseYaml(file).root
    const parsed = { file, maps: root === undefined ? [] : mapsWithin(root) }
    this.#files.set(path, parsed)
    return parsed
  }
}

/** `meta.<key>` or `config.meta.<key>`. */
function metaValue(map: YamlMap | undefined, key: string): YamlNode | undefined {
  if (map === undefined) return undefined
  for (const place of [map, entryOf(map, 'config')?.value]) {
    if (place?.kind !== 'map') continue
    const meta = entryOf(place, 'meta')?.value
    const value = meta?.kind === 'map' ? entryOf(meta, key)?.value : undefined
    if (value !== undefined) return value
  }
  return undefined
}

function mapsWithin(node: YamlNode): readonly YamlMap[] {
  if (node.kind === 'scalar') return []
  if (node.kind === 'list') return node.items.flatMap(mapsWithin)
  return [node, ...node.entries.flatMap((entry) => mapsWithin(entry.value))]
}
