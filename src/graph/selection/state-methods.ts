import { UserError } from '../../base/errors.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Node } from '../../project/resource.ts'
import { stateUnavailable } from '../errors.ts'
import { type ChangedPart, type EarlierState, SELECTABLE_PARTS, type StateComparison } from './earlier-state.ts'
import type { SelectionMethod, ValueFault } from './method.ts'
import type { NodeIndex } from './node-index.ts'
import type { Criterion } from './selection-tree.ts'

const stateWords: readonly string[] = [
  'new',
  'old',
  'modified',
  'unmodified',
  ...SELECTABLE_PARTS.map((part) => `modified.${part}`),
]

const statuses: readonly string[] = [
  'success',
  'error',
  'fail',
  'warn',
  'pass',
  'skipped',
  'no-op',
  'partial success',
  'runtime error',
  'reused',
]

function fault(criterion: Criterion, words: readonly string[]): ValueFault {
  const { method, value } = criterion
  return {
    message: `\`${method}:\` does not know \`${value}\``,
    hint: didYouMean(value, words) ?? `one of ${words.map((word) => `\`${word}\``).join(', ')}`,
  }
}

function earlierState({ earlier }: NodeIndex): EarlierState {
  if (earlier === undefined) throw new UserError(stateUnavailable({}))
  return earlier
}

/** As in dbt: what others only point at is new when it is new, and not modified as well. */
const newIsNoChange: ReadonlySet<string> = new Set(['source', 'exposure', 'export'])

function isModified(node: Node, comparison: StateComparison, part: ChangedPart | undefined): boolean {
  if (comparison.isNew(node.uniqueId)) return !newIsNoChange.has(node.resourceType)
  const parts = comparison.changedParts(node.uniqueId)
  return part === undefined ? parts.size > 0 : parts.has(part)
}

/** Nodes by how they compare with their earlier selves. */
export const state: SelectionMethod = {
  hint: 'no node compares like that with the earlier run',
  check: (criterion) => (stateWords.includes(criterion.value) ? undefined : fault(criterion, stateWords)),
  match({ value }, index) {
    const comparison = earlierState(index).comparison()
    if (value === 'new') return index.all.filter((node) => comparison.isNew(node.uniqueId))
    if (value === 'old') return index.all.filter((node) => !comparison.isNew(node.uniqueId))
    const part = value.includes('.') ? (value.slice(value.indexOf('.') + 1) as ChangedPart) : undefined
    const wanted = value !== 'unmodified'
    return index.all.filter((node) => isModified(node, comparison, part) === wanted)
  },
}

/** Nodes by how they ended in the earlier run. `partial-success` may be written where blanks separate selectors. */
export const result: SelectionMethod = {
  hint: 'no node ended like that in the earlier run',
  check: (criterion) => (statuses.includes(statusOf(criterion)) ? undefined : fault(criterion, statuses)),
  match(criterion, index) {
    const wanted = statusOf(criterion)
    const earlier = earlierState(index).statuses()
    return index.all.filter((node) => earlier.get(node.uniqueId) === wanted)
  },
}

function statusOf({ value }: Criterion): string {
  const word = value.replaceAll('_', '-')
  return word === 'partial-success' || word === 'runtime-error' ? word.replace('-', ' ') : word
}

/** Sources that got rows since the earlier measurement of their freshness. */
export const sourceStatus: SelectionMethod = {
  hint: 'no source has newer rows than before',
  check: (criterion) => (criterion.value === 'fresher' ? undefined : fault(criterion, ['fresher'])),
  match(_, index) {
    const fresher = earlierState(index).fresherSources()
    return index.sources.filter((source) => fresher.has(source.uniqueId))
  },
}
