import type { ConfigValue } from '../../config/node-config.ts'
import type { ChangedPart, StateComparison } from '../../graph/selection/earlier-state.ts'
import { stableJson } from '../../graph/stable-json.ts'
import { lookUpVariable } from '../../project/variables.ts'
import { type Change, valueChange } from './change.ts'
import { compareBody } from './compare-body.ts'
import { compareConfig, compareDescriptions, compareFqn, compareRelation } from './compare-config.ts'
import { compareContract } from './compare-contract.ts'
import { compareDefinition } from './compare-definition.ts'
import { compareMacros } from './compare-macros.ts'
import type { CurrentProject } from './current-project.ts'
import type { EarlierProject } from './earlier-project.ts'
import type { StateEntry } from './state-entry.ts'

const nothing: readonly Change[] = []

/** Compares each node with its earlier self, once and when it is asked for. */
export class ProjectComparison implements StateComparison {
  readonly #current: CurrentProject
  readonly #earlier: EarlierProject
  readonly #compareVariables: boolean
  readonly #found = new Map<string, readonly Change[]>()

  constructor(current: CurrentProject, earlier: EarlierProject, options: { readonly compareVariables: boolean }) {
    this.#current = current
    this.#earlier = earlier
    this.#compareVariables = options.compareVariables
  }

  isNew(uniqueId: string): boolean {
    return !this.#earlier.entries.has(uniqueId)
  }

  /** unique ids that were looked at so far. */
  get compared(): readonly string[] {
    return [...this.#found.keys()]
  }

  /** What was there and is not any more, or is disabled. */
  get removed(): readonly string[] {
    return [...this.#earlier.entries.keys()].filter((id) => this.#current.entry(id) === undefined)
  }

  earlierEntry(uniqueId: string): StateEntry | undefined {
    return this.#earlier.entries.get(uniqueId)
  }

  changedParts(uniqueId: string): ReadonlySet<ChangedPart> {
    return new Set(this.changes(uniqueId).map((change) => change.part))
  }

  /** Everything in which the node differs; nothing when it is new. */
  changes(uniqueId: string): readonly Change[] {
    const known = this.#found.get(uniqueId)
    if (known !== undefined) return known
    const changes = this.#compare(uniqueId)
    this.#found.set(uniqueId, changes)
    return changes
  }

  #compare(uniqueId: string): readonly Change[] {
    const now = this.#current.entry(uniqueId)
    const before = this.#earlier.entries.get(uniqueId)
    if (now === undefined || before === undefined) return nothing
    const body = compareBody(now, before, this.#earlier.byDbt !== null)
    return [
      ...body,
      ...compareConfig(now, before),
      ...compareRelation(now, before, this.#earlier.sameTarget),
      ...compareDescriptions(now, before),
      ...compareFqn(now, before),
      ...compareContract(now, before),
      ...compareDefinition(now, before),
      ...compareMacros(uniqueId, body.length === 0, this.#current, this.#earlier),
      ...(this.#compareVariables ? this.#variables(uniqueId) : nothing),
    ]
  }

  #variables(uniqueId: string): readonly Change[] {
    const before = this.#earlier.variables(uniqueId)
    if (before === undefined) return nothing
    return [...this.#current.variablesOf(uniqueId)].flatMap(([name, value]) => {
      const earlier = lookUpVariable(before as { readonly [name: string]: ConfigValue }, name)
      return stableJson(value) === stableJson(earlier) ? [] : [valueChange('vars', name, earlier, value)]
    })
  }
}
