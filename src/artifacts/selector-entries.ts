import type { SavedSelectors } from '../graph/selection/saved-selectors.ts'
import type { Criterion, Selection } from '../graph/selection/selection-tree.ts'

type Entry = Record<string, unknown>

/**
 * `selectors` of the manifest: each with its definition in dbt's expanded form, in which texts are taken apart and other
 * selectors stand written out, because orchestrators evaluate it themselves.
 */
export function selectorEntries(saved: SavedSelectors): readonly (readonly [string, Entry])[] {
  return [...saved.matching('*')].flatMap(({ name, description, selection }) =>
    selection === undefined ? [] : [[name, { name, description, definition: expanded(selection, saved) }] as const],
  )
}

function expanded(selection: Selection, saved: SavedSelectors): Entry {
  if (selection.kind === 'criterion') return criterionEntry(selection, saved)
  if (selection.kind !== 'difference') return { [selection.kind]: selection.of.map((s) => expanded(s, saved)) }
  const without = selection.without.kind === 'union' ? selection.without.of : [selection.without]
  const exclude = without.map((s) => expanded(s, saved))
  const from = expanded(selection.from, saved)
  const operator = 'union' in from ? 'union' : 'intersection' in from ? 'intersection' : undefined
  if (operator === undefined) return { ...from, exclude }
  return { [operator]: [...(from[operator] as readonly Entry[]), { exclude }] }
}

function criterionEntry(criterion: Criterion, saved: SavedSelectors): Entry {
  const { method, value, parents, children, childrensParents, indirect } = criterion
  const plain = parents === 0 && children === 0 && !childrensParents
  if (method === 'selector' && plain) {
    const of = saved.matching(value).flatMap((s) => (s.selection === undefined ? [] : [expanded(s.selection, saved)]))
    return of.length === 1 ? of[0]! : { union: of }
  }
  return {
    method: [method, ...criterion.arguments].join('.'),
    value,
    ...(childrensParents ? { childrens_parents: true } : {}),
    ...depths('parents', parents),
    ...depths('children', children),
    ...(indirect === undefined ? {} : { indirect_selection: indirect }),
  }
}

function depths(key: 'parents' | 'children', generations: number): Entry {
  if (generations === 0) return {}
  return Number.isFinite(generations) ? { [key]: true, [`${key}_depth`]: generations } : { [key]: true }
}
