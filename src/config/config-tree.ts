import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { CONFIG_KEYS, type ConfigResource, canonicalConfigKey } from './config-keys.ts'
import { type ConfigLayer, readConfigEntries } from './config-layer.ts'
import { keyWithoutProject, unknownFolder, wrongType } from './errors.ts'
import { describeYaml, type YamlEntry, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

interface Folder {
  /** Dotted path from the section, for messages. */
  readonly path: string
  readonly span: Span | undefined
  readonly settings: ConfigLayer
  readonly children: ReadonlyMap<string, Folder>
}

/** The folder-wise configuration of one kind of resource (`models:` of `project.yml`). */
export class ConfigTree {
  readonly section: string
  readonly #roots: readonly Folder[]
  readonly #matched = new Set<Folder>()

  constructor(section: string, roots: readonly Folder[]) {
    this.section = section
    this.#roots = roots
  }

  /** The layers that hold for a resource, outermost folder first. */
  layersFor(fqn: readonly string[]): readonly ConfigLayer[] {
    const layers: ConfigLayer[] = []
    for (const root of this.#roots) {
      let folder: Folder | undefined = root
      for (let depth = 0; folder !== undefined; depth++) {
        if (folder.settings.length > 0) layers.push(folder.settings)
        this.#matched.add(folder)
        const part: string | undefined = fqn[depth]
        folder = part === undefined ? undefined : folder.children.get(part)
      }
    }
    return layers
  }

  /**
   * One warning for each outermost folder that `layersFor` never met. A package without seeds may still say what would
   * hold for all of them. `known` offers names by the path of the parent.
   */
  unmatched(
    packages: readonly string[],
    known: (parent: readonly string[]) => readonly string[],
  ): readonly Diagnostic[] {
    const found: Diagnostic[] = []
    const visit = (folder: Folder): void => {
      if (this.#matched.has(folder) || folder.path === '' || packages.includes(folder.path)) {
        for (const child of folder.children.values()) visit(child)
        return
      }
      const parent = folder.path.split('.').slice(0, -1)
      const name = folder.path.split('.').at(-1) ?? ''
      const spec = CONFIG_KEYS[canonicalConfigKey(name)]
      const hints = spec === undefined ? [] : [`for the configuration write \`+${name}\``]
      found.push(
        unknownFolder({ path: folder.path, section: this.section, known: known(parent) }, { span: folder.span, hints }),
      )
    }
    for (const root of this.#roots) visit(root)
    return found
  }
}

/** Reads one or two sections (`tests` and `data_tests` mean the same) into a tree. */
export function readConfigTree(
  reader: YamlReader,
  section: string,
  nodes: readonly YamlNode[],
  resource: ConfigResource,
  project: string,
): ConfigTree {
  return new ConfigTree(
    section,
    nodes.flatMap((node) => readSection(reader, section, node, resource, project) ?? []),
  )
}

function readSection(
  reader: YamlReader,
  section: string,
  node: YamlNode,
  resource: ConfigResource,
  project: string,
): Folder | undefined {
  if (isNothing(node)) return undefined
  if (node.kind !== 'map')
    return reader.report(
      wrongType(
        { what: `\`${section}\``, expected: 'a mapping', got: describeYaml(node) },
        { span: reader.span(node) },
      ),
    )
  const kept: YamlEntry[] = []
  for (const entry of node.entries) {
    if (entry.key.startsWith('+') || entry.value.kind === 'map' || isNothing(entry.value)) kept.push(entry)
    else reader.report(keyWithoutProject({ key: entry.key, section, project }, { span: reader.keySpan(entry) }))
  }
  return readFolder(reader, '', undefined, kept, resource)
}

function readFolder(
  reader: YamlReader,
  path: string,
  span: Span | undefined,
  entries: readonly YamlEntry[],
  resource: ConfigResource,
): Folder {
  const settings: YamlEntry[] = []
  const children = new Map<string, Folder>()
  for (const entry of entries) {
    if (!entry.key.startsWith('+') && entry.value.kind === 'map') {
      const childPath = path === '' ? entry.key : `${path}.${entry.key}`
      children.set(entry.key, readFolder(reader, childPath, reader.keySpan(entry), entry.value.entries, resource))
    } else if (entry.key.startsWith('+') || !isNothing(entry.value)) settings.push(entry)
  }
  return { path, span, settings: readConfigEntries(reader, settings, resource), children }
}
