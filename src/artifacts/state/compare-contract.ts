import { stableJson } from '../../graph/stable-json.ts'
import type { Change } from './change.ts'
import { dictAt, isDict, type JsonDict, listAt, type StateEntry, textAt } from './state-entry.ts'

/**
 * What an enforced contract promises: columns, types and constraints. Fewer columns, another type, fewer constraints and
 * no contract any more break readers; sizes and precisions do not.
 */
export function compareContract(now: StateEntry, before: StateEntry): readonly Change[] {
  const [enforced, wasEnforced] = [isEnforced(now), isEnforced(before)]
  if (!wasEnforced) return enforced ? [item('enforced: false -> true')] : []
  if (!enforced) return [item('enforced: true -> false', true)]
  return [...compareColumns(now, before), ...compareConstraints(now, before), ...compareStrength(now, before)]
}

function isEnforced(entry: StateEntry): boolean {
  return dictAt(entry, 'contract')['enforced'] === true
}

function item(text: string, breaking = false): Change {
  return { part: 'contract', text, ...(breaking ? { breaking } : {}) }
}

function compareColumns(now: StateEntry, before: StateEntry): readonly Change[] {
  const [mine, theirs] = [dictAt(now, 'columns'), dictAt(before, 'columns')]
  const changes: Change[] = []
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [column, earlier] = [mine[name], theirs[name]]
    if (!isDict(column)) changes.push(item(`column \`${name}\` was removed`, true))
    else if (!isDict(earlier)) changes.push(item(`column \`${name}\` was added`))
    else changes.push(...compareColumn(name, column, earlier))
  }
  return changes
}

function compareColumn(name: string, now: JsonDict, before: JsonDict): readonly Change[] {
  const [type, earlier] = [plainType(now), plainType(before)]
  const changes: Change[] = []
  if (type !== earlier)
    changes.push(
      item(`column \`${name}\`: ${earlier || 'untyped'} -> ${type || 'untyped'}`, base(type) !== base(earlier)),
    )
  return [...changes, ...constraintChanges(`column \`${name}\``, now, before)]
}

function plainType(column: JsonDict): string {
  return (textAt(column, 'data_type') ?? '').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** A type without size and precision. */
function base(type: string): string {
  return type.replace(/\s*\([^()]*\)/g, '')
}

function compareConstraints(now: StateEntry, before: StateEntry): readonly Change[] {
  return constraintChanges('the model', now, before)
}

function constraintChanges(owner: string, now: JsonDict, before: JsonDict): readonly Change[] {
  const [mine, theirs] = [constraintTexts(now), constraintTexts(before)]
  const lost = [...theirs].filter(([key]) => !mine.has(key)).map(([, text]) => item(`${owner} lost ${text}`, true))
  const got = [...mine].filter(([key]) => !theirs.has(key)).map(([, text]) => item(`${owner} got ${text}`))
  return [...lost, ...got]
}

/** Names of constraints and what dbt warns of do not change what is promised. */
const besides: ReadonlySet<string> = new Set(['name', 'warn_unenforced', 'warn_unsupported'])

function constraintTexts(owner: JsonDict): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const constraint of listAt(owner, 'constraints')) {
    if (!isDict(constraint)) continue
    const facts = Object.entries(constraint).filter(
      ([key, value]) => !besides.has(key) && value !== null && !(Array.isArray(value) && value.length === 0),
    )
    const expression = textAt(constraint, 'expression')
    const columns = listAt(constraint, 'columns').join(', ')
    const about = [columns === '' ? '' : ` on ${columns}`, expression === null ? '' : ` (${expression})`].join('')
    found.set(stableJson(Object.fromEntries(facts)), `the constraint ${String(constraint['type'])}${about}`)
  }
  return found
}

/** A table keeps its constraints; a view that takes its place does not. */
function compareStrength(now: StateEntry, before: StateEntry): readonly Change[] {
  const [kind, earlier] = [now, before].map((entry) => String(dictAt(entry, 'config')['materialized'] ?? ''))
  const hasConstraints =
    constraintTexts(before).size > 0 ||
    Object.values(dictAt(before, 'columns')).some((column) => isDict(column) && constraintTexts(column).size > 0)
  const isWeaker = ['table', 'incremental'].includes(earlier!) && !['table', 'incremental'].includes(kind!)
  return hasConstraints && isWeaker ? [item(`constraints are not kept: ${earlier} -> ${kind}`, true)] : []
}
