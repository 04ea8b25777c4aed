import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import { nearestName } from '../../base/nearest.ts'
import { selectorNoMatch, selectorUnknown } from '../errors.ts'
import type { Graph } from '../graph.ts'
import { hasWildcard } from './fnmatch.ts'
import { methods } from './methods.ts'
import type { NodeIndex } from './node-index.ts'
import type { SavedSelectors } from './saved-selectors.ts'
import type { Criterion, IndirectSelection, Selection } from './selection-tree.ts'
import { intersect, subtract, unite } from './set-operations.ts'
import { walk } from './walk.ts'

/** What a selection gives: its nodes, and tests that come along only if their other parents are selected too. */
interface Picked {
  readonly direct: ReadonlySet<string>
  readonly waiting: ReadonlySet<string>
}

const nothing: ReadonlySet<string> = new Set()

/** What a selection may depend on besides the graph. */
export interface SelectionScope {
  readonly indirect: IndirectSelection
  readonly saved: SavedSelectors
}

/**
 * The nodes of a selection. Tests come along as `indirect` says: `eager` when any parent is selected, `cautious` when
 * all are, `buildable` when all are selected or ancestors of selected nodes, `empty` never. After each union,
 * intersection and difference the waiting tests are looked at again. A criterion that matches nothing gives one warning.
 */
export function evaluateSelection(
  selection: Selection,
  index: NodeIndex,
  { indirect, saved }: SelectionScope,
): { readonly ids: ReadonlySet<string>; readonly diagnostics: readonly Diagnostic[] } {
  const evaluation = new Evaluation(index, indirect, saved)
  const ids = evaluation.pick(selection).direct
  return { ids, diagnostics: evaluation.diagnostics }
}

class Evaluation {
  readonly diagnostics: Diagnostic[] = []
  readonly #index: NodeIndex
  readonly #graph: Graph
  readonly #indirect: IndirectSelection
  readonly #saved: SavedSelectors
  readonly #open = new Set<string>()

  constructor(index: NodeIndex, indirect: IndirectSelection, saved: SavedSelectors) {
    this.#index = index
    this.#graph = index.graph
    this.#indirect = indirect
    this.#saved = saved
  }

  pick(selection: Selection): Picked {
    if (selection.kind === 'criterion') return this.#criterion(selection)
    if (selection.kind === 'difference') {
      return this.#settle([this.pick(selection.from), this.pick(selection.without)], ([from, without]) =>
        subtract(from!, without!),
      )
    }
    const before = this.diagnostics.length
    const parts = selection.of.map((part) => this.pick(part))
    const combined = this.#settle(parts, (sets) => (selection.kind === 'union' ? unite(sets) : intersect(sets)))
    if (selection.kind === 'intersection' && combined.direct.size === 0 && this.diagnostics.length === before) {
      const text = selection.of.map((part) => (part.kind === 'criterion' ? textOf(part) : '…')).join(',')
      const hint = 'each part matches something, but no node is in all of them'
      this.diagnostics.push(selectorNoMatch({ text, hint }, { span: selection.span }))
    }
    return combined
  }

  #criterion(criterion: Criterion): Picked {
    if (criterion.method === 'selector') return this.#inherited(criterion)
    const matched = this.#match(criterion)
    if (matched === undefined) return { direct: nothing, waiting: nothing }
    if (matched.size === 0) {
      this.diagnostics.push(
        selectorNoMatch({ text: textOf(criterion), hint: this.#hint(criterion) }, { span: criterion.valueSpan }),
      )
      return { direct: matched, waiting: nothing }
    }
    return this.#withTests(this.#neighbours(criterion, matched), criterion.indirect ?? this.#indirect)
  }

  /** What a saved selector picks, its tests included; neighbours bring their own. */
  #inherited(criterion: Criterion): Picked {
    const none: Picked = { direct: nothing, waiting: nothing }
    const { value, parents, children, childrensParents } = criterion
    const selectors = this.#saved.matching(value)
    if (selectors.length === 0 && !hasWildcard(value))
      this.diagnostics.push(selectorUnknown(this.#saved.unknown(value), { span: criterion.valueSpan }))
    else if (selectors.length === 0)
      this.diagnostics.push(selectorNoMatch({ text: textOf(criterion) }, { span: criterion.valueSpan }))
    const parts = selectors.flatMap(({ name, selection, faults }) => {
      // A circle was reported when the selectors were read.
      if (this.#open.has(name)) return []
      this.diagnostics.push(...faults)
      if (selection === undefined) return []
      this.#open.add(name)
      const picked = this.pick(selection)
      this.#open.delete(name)
      return [picked]
    })
    if (parts.length === 0) return none
    const picked = this.#settle(parts, unite)
    if (parents === 0 && children === 0 && !childrensParents) return picked
    return this.#withTests(this.#neighbours(criterion, picked.direct), criterion.indirect ?? this.#indirect)
  }

  /** Undefined when what the method needs cannot be read, which is then reported at the criterion. */
  #match(criterion: Criterion): ReadonlySet<string> | undefined {
    try {
      const nodes = methods.get(criterion.method)!.match(criterion, this.#index)
      return new Set([...nodes].map((node) => node.uniqueId))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const known = new Set(this.diagnostics.map((d) => d.message))
      for (const d of error.diagnostics)
        if (!known.has(d.message)) this.diagnostics.push({ ...d, span: d.span ?? criterion.span })
      return undefined
    }
  }

  #neighbours(criterion: Criterion, matched: ReadonlySet<string>): ReadonlySet<string> {
    const { parents, children } = this.#graph
    const sets: ReadonlySet<string>[] = [matched]
    if (criterion.childrensParents) sets.push(walk(walk(matched, children), parents))
    if (criterion.parents > 0) sets.push(walk(matched, parents, criterion.parents))
    if (criterion.children > 0) sets.push(walk(matched, children, criterion.children))
    return unite(sets)
  }

  #withTests(selected: ReadonlySet<string>, indirect: IndirectSelection): Picked {
    if (indirect === 'empty') return { direct: selected, waiting: nothing }
    const direct = new Set(selected)
    const waiting = new Set<string>()
    const enough = indirect === 'buildable' ? this.#buildable(selected, true) : selected
    for (const id of selected) {
      for (const child of this.#graph.children.get(id)!) {
        if (selected.has(child)) continue
        const { resourceType } = this.#graph.nodes.get(child)!
        // Its model is all that a unit test needs.
        if (resourceType === 'unit_test') direct.add(child)
        if (resourceType !== 'test') continue
        if (indirect === 'eager' || this.#hasParentsIn(child, enough)) direct.add(child)
        else waiting.add(child)
      }
    }
    return { direct, waiting }
  }

  #settle(parts: readonly Picked[], combine: (sets: readonly ReadonlySet<string>[]) => ReadonlySet<string>): Picked {
    if (parts.length === 1) return parts[0]!
    const direct = combine(parts.map((part) => part.direct))
    const all = combine(
      parts.map((part) => (part.waiting.size === 0 ? part.direct : unite([part.direct, part.waiting]))),
    )
    if (this.#indirect === 'eager' || this.#indirect === 'empty') return { direct, waiting: all }
    const enough = this.#indirect === 'buildable' ? this.#buildable(direct, false) : direct
    const settled = new Set(direct)
    for (const id of all)
      if (this.#graph.nodes.get(id)!.resourceType === 'test' && this.#hasParentsIn(id, enough)) settled.add(id)
    return { direct: settled, waiting: all }
  }

  #buildable(selected: ReadonlySet<string>, withSources: boolean): ReadonlySet<string> {
    const enough = new Set(walk(selected, this.#graph.parents))
    if (withSources) for (const node of this.#index.sources) enough.add(node.uniqueId)
    return enough
  }

  #hasParentsIn(id: string, enough: ReadonlySet<string>): boolean {
    return this.#graph.parents.get(id)!.every((parent) => enough.has(parent))
  }

  #hint(criterion: Criterion): string | undefined {
    const { method, value } = criterion
    const source =
      method === 'fqn' ? this.#index.sources.find((s) => s.name === value || s.sourceName === value) : undefined
    if (source !== undefined) {
      const name = source.name === value ? `${source.sourceName}.${source.name}` : value
      return `that is a source: write \`source:${name}\``
    }
    const disabled = method === 'fqn' ? this.#index.disabled.find((node) => node.name === value) : undefined
    if (disabled !== undefined) return `the ${disabled.resourceType} \`${value}\` is disabled (\`enabled: false\`)`
    const advice = methods.get(method)!.hint
    if (advice !== undefined || hasWildcard(value)) return advice
    const near = nearestName(value, methods.get(method)!.candidates?.(criterion, this.#index) ?? [])
    if (near !== undefined) return `did you mean \`${near}\`?`
    if (method === 'fqn' && this.#index.byTag.has(value)) return `there is a tag of that name: write \`tag:${value}\``
    return undefined
  }
}

function textOf({ method, arguments: args, value }: Criterion): string {
  return method === 'fqn' || method === 'path' || method === 'file' ? value : `${[method, ...args].join('.')}:${value}`
}
