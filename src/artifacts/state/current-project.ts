import { macroChain } from '../../graph/macro-chain.ts'
import { lookUpVariable } from '../../project/variables.ts'
import type { Value } from '../../template/value.ts'
import { type EntryParts, entryObject } from '../entry.ts'
import { manifestNodes } from '../manifest.ts'
import type { ManifestInput } from '../manifest-input.ts'
import type { StateEntry } from './state-entry.ts'

/** The project of today in the form of a manifest, for comparing. */
export class CurrentProject {
  readonly input: ManifestInput
  #parts: ReadonlyMap<string, EntryParts> | undefined
  readonly #entries = new Map<string, StateEntry>()

  constructor(input: ManifestInput) {
    this.input = input
  }

  entry(uniqueId: string): StateEntry | undefined {
    const known = this.#entries.get(uniqueId)
    if (known !== undefined) return known
    this.#parts ??= new Map(manifestNodes(this.input))
    const parts = this.#parts.get(uniqueId)
    if (parts === undefined) return undefined
    const entry = entryObject(parts)
    this.#entries.set(uniqueId, entry)
    return entry
  }

  macroText(macro: string): string {
    const definition = this.input.project.macros.get(macro)
    return definition === undefined ? '' : definition.file.text.slice(definition.span.start, definition.span.end)
  }

  /** Unique ids of macros from the node's text to `macro`. */
  chain(uniqueId: string, macro: string): readonly string[] {
    const { graph, project, adapterType } = this.input
    const node = graph.nodes.get(uniqueId)
    return node === undefined ? [macro] : macroChain(node, macro, project.macros, adapterType)
  }

  /** The variables that a node's texts read, by name. */
  variablesOf(uniqueId: string): ReadonlyMap<string, Value | undefined> {
    const node = this.input.graph.nodes.get(uniqueId)
    const names = node !== undefined && 'facts' in node ? node.facts.variables : []
    return new Map(names.map((name) => [name, lookUpVariable(this.input.project.vars, name)]))
  }
}
