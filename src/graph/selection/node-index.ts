import { versionSuffix } from '../../config/version-order.ts'
import type { Node, Source, Test } from '../../project/resource.ts'
import type { Graph } from '../graph.ts'
import type { EarlierState } from './earlier-state.ts'

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** A version is known by the model's name and by its own, in both of dbt's spellings. */
function namesOf(node: Node): readonly string[] {
  if (node.resourceType === 'source') return []
  const version = node.resourceType === 'model' ? node.version : null
  if (version === null) return [node.name]
  const suffix = versionSuffix(version.id)
  return [node.name, `${node.name}.${suffix}`, `${node.name}_${suffix}`]
}

interface IndexedProject {
  readonly name: string
  readonly root: string
  readonly disabled?: readonly Node[]
}

/** Ways into the nodes of a graph, each made on first use, so that a thousand selectors cost little. */
export class NodeIndex {
  readonly graph: Graph
  readonly projectName: string
  readonly projectRoot: string
  readonly all: readonly Node[]
  /** Nodes that are switched off; no selector finds them. */
  readonly disabled: readonly Node[]
  /** Undefined where nothing earlier can be compared with. */
  readonly earlier: EarlierState | undefined
  #byName: Map<string, Node[]> | undefined
  #byPrefix: Map<string, Node[]> | undefined
  #byTag: Map<string, Node[]> | undefined

  constructor(graph: Graph, project: IndexedProject, earlier?: EarlierState) {
    this.graph = graph
    this.projectName = project.name
    this.projectRoot = project.root
    this.all = [...graph.nodes.values()]
    this.disabled = project.disabled ?? []
    this.earlier = earlier
  }

  get sources(): readonly Source[] {
    return this.all.filter((node) => node.resourceType === 'source')
  }

  get tests(): readonly Test[] {
    return this.all.filter((node) => node.resourceType === 'test')
  }

  /** Everything but sources by name. */
  get byName(): ReadonlyMap<string, readonly Node[]> {
    if (this.#byName === undefined) {
      this.#byName = new Map()
      for (const node of this.all) for (const name of namesOf(node)) push(this.#byName, name, node)
    }
    return this.#byName
  }

  /** Everything but sources by each dotted beginning of its fqn, with and without the package. */
  get byPrefix(): ReadonlyMap<string, readonly Node[]> {
    if (this.#byPrefix === undefined) {
      this.#byPrefix = new Map()
      for (const node of this.all) {
        if (node.resourceType === 'source') continue
        for (const start of [0, 1]) this.#addPrefixes(node, node.fqn.slice(start).join('.'))
      }
    }
    return this.#byPrefix
  }

  #addPrefixes(node: Node, dotted: string): void {
    for (let dot = dotted.indexOf('.'); dot !== -1; dot = dotted.indexOf('.', dot + 1)) {
      push(this.#byPrefix!, dotted.slice(0, dot), node)
    }
    push(this.#byPrefix!, dotted, node)
  }

  get byTag(): ReadonlyMap<string, readonly Node[]> {
    if (this.#byTag === undefined) {
      this.#byTag = new Map()
      for (const node of this.all) for (const tag of node.tags) push(this.#byTag, tag, node)
    }
    return this.#byTag
  }
}
