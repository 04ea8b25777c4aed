import type { Diagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { SelectorDefinition, SelectorEntry } from '../../config/selector-types.ts'
import { selectorCircle, selectorUnknown } from '../errors.ts'
import { fnmatch, hasWildcard } from './fnmatch.ts'
import { checkCriterion, parseSelection } from './parse-selection.ts'
import type { Criterion, Selection } from './selection-tree.ts'

/** A selector of `selectors.yml` with its selection, which is undefined when there are faults. */
export interface SavedSelector extends SelectorEntry {
  readonly selection: Selection | undefined
  readonly faults: readonly Diagnostic[]
}

/** The selectors of a project by name. Their mistakes are collected when they are made. */
export class SavedSelectors {
  readonly #byName = new Map<string, SavedSelector>()
  readonly diagnostics: readonly Diagnostic[]

  constructor(entries: readonly SelectorEntry[]) {
    const diagnostics: Diagnostic[] = []
    for (const entry of entries) {
      const faults: Diagnostic[] = []
      const selection = selectionOf(entry.definition, faults)
      this.#byName.set(entry.name, { ...entry, selection: faults.length > 0 ? undefined : selection, faults })
      diagnostics.push(...faults)
    }
    this.diagnostics = [...diagnostics, ...this.#badReferences()]
  }

  get names(): Iterable<string> {
    return this.#byName.keys()
  }

  get(name: string): SavedSelector | undefined {
    return this.#byName.get(name)
  }

  /** Those whose name a text with wildcards matches. */
  matching(pattern: string): readonly SavedSelector[] {
    const matches = fnmatch(pattern)
    return [...this.#byName.values()].filter((s) => matches(s.name))
  }

  /** The selector that holds when a command is given no selection. */
  get standard(): SavedSelector | undefined {
    return [...this.#byName.values()].find((s) => s.default)
  }

  /** Selectors that name one that is not there, and those that lead back to themselves: of each circle one. */
  #badReferences(): readonly Diagnostic[] {
    const found: Diagnostic[] = []
    const done = new Set<string>()
    const visit = (selector: SavedSelector, path: readonly string[]): void => {
      if (selector.selection === undefined || done.has(selector.name)) return
      for (const criterion of criteriaOf(selector.selection)) {
        if (criterion.method !== 'selector') continue
        const place = { span: criterion.valueSpan }
        const inner = this.matching(criterion.value)
        if (inner.length === 0 && !hasWildcard(criterion.value))
          found.push(selectorUnknown(this.unknown(criterion.value), place))
        for (const next of inner) {
          const start = [...path, selector.name].indexOf(next.name)
          if (start < 0) visit(next, [...path, selector.name])
          else found.push(selectorCircle({ path: [...path.slice(start), selector.name, next.name] }, place))
        }
      }
      done.add(selector.name)
    }
    for (const selector of this.#byName.values()) visit(selector, [])
    return found
  }

  /** What there is instead of a selector that is not there. */
  unknown(name: string): { readonly name: string; readonly hint: string } {
    const names = [...this.names]
    const near = didYouMean(name, names)
    if (near !== undefined) return { name, hint: near }
    if (names.length === 0) return { name, hint: 'the project has no `selectors.yml`; write it beside `project.yml`' }
    return { name, hint: `selectors are ${names.map((n) => `\`${n}\``).join(', ')}` }
  }
}

/** The definition as a selection; mistakes go to `diagnostics`. */
function selectionOf(definition: SelectorDefinition, diagnostics: Diagnostic[]): Selection | undefined {
  if (definition.kind === 'text') {
    const parsed = parseSelection(definition)
    diagnostics.push(...parsed.diagnostics)
    return parsed.selection
  }
  const inner = definition.kind === 'criterion' ? criterion(definition, diagnostics) : group(definition, diagnostics)
  if (inner === undefined || definition.exclude === null) return inner
  const without = definition.exclude.flatMap((part) => selectionOf(part, diagnostics) ?? [])
  return without.length === 0
    ? inner
    : { kind: 'difference', from: inner, without: { kind: 'union', of: without, span: definition.span } }
}

function group(
  definition: Extract<SelectorDefinition, { kind: 'union' | 'intersection' }>,
  diagnostics: Diagnostic[],
): Selection | undefined {
  const of = definition.of.flatMap((part) => selectionOf(part, diagnostics) ?? [])
  return of.length === 0 ? undefined : { kind: definition.kind, of, span: definition.span }
}

function criterion(
  definition: Extract<SelectorDefinition, { kind: 'criterion' }>,
  diagnostics: Diagnostic[],
): Criterion | undefined {
  const { value, parents, children, childrensParents, indirect, span } = definition
  const [method, ...args] = definition.method.text.split('.') as [string, ...string[]]
  const made: Criterion = {
    kind: 'criterion',
    method,
    arguments: args,
    value: value.text,
    childrensParents,
    parents,
    children,
    indirect,
    span,
    valueSpan: value.span,
  }
  const fault = checkCriterion(made, definition.method.span)
  if (fault === undefined) return made
  diagnostics.push(fault)
  return undefined
}

function criteriaOf(selection: Selection): readonly Criterion[] {
  if (selection.kind === 'criterion') return [selection]
  if (selection.kind === 'difference') return [...criteriaOf(selection.from), ...criteriaOf(selection.without)]
  return selection.of.flatMap(criteriaOf)
}
