import { compareColumns } from './compare-shape.ts'
import { isOurs } from './declared-index.ts'
import type { Loss } from './errors.ts'
import type { CatalogFacts, RelationFacts } from './relation-facts.ts'
import { kindWord } from './sql-words.ts'

/**
 * What taking another relation's place would break. Views, functions, triggers, rules, policies and indexes are made again
 * and are listed only when that cannot be.
 */
export function swapLosses(old: RelationFacts, staged: RelationFacts, catalog: CatalogFacts): readonly Loss[] {
  const { gone } = compareColumns(old, staged.columns)
  const isTable = (r: RelationFacts) => r.kind === 'r' || r.kind === 'p'
  const sameKind = old.kind === staged.kind || (isTable(old) && isTable(staged))
  return [
    ...ownLosses(old, staged),
    ...readerLosses(old, gone, catalog),
    ...dependantLosses(old, gone),
    ...(sameKind ? partLosses(old, gone) : kindLosses(old)),
  ]
}

function ownLosses(old: RelationFacts, staged: RelationFacts | null): readonly Loss[] {
  const losses: Loss[] = []
  const own = (why: string) => losses.push({ what: `${kindWord(old.kind)} ${old.fullName}`, why })
  if (!old.mine) own(`it belongs to \`${old.owner}\`, whose rights this connection has not`)
  if (old.kind === 'f') own('it is a foreign table')
  if (old.ofType) own('it is made of a type')
  if (old.extension !== null) own(`it belongs to the extension \`${old.extension}\``)
  if (old.isPartition) own(`it is a partition of ${old.parents.join(', ')}`)
  else if (old.parents.length > 0) own(`it inherits from ${old.parents.join(', ')}`)
  for (const column of old.columns) {
    if (column.generated === '') continue
    if (givesItself(staged, column.name)) losses.push(generatedTwice(column.name))
  }
  return losses
}

function givesItself(staged: RelationFacts | null, column: string): boolean {
  return staged?.columns.some((c) => c.name === column && c.generated === '') === true
}

function generatedTwice(column: string): Loss {
  return { what: `column ${column}`, why: 'it is generated in the table, and the model gives it, too' }
}

function readerLosses(old: RelationFacts, gone: readonly string[], catalog: CatalogFacts): readonly Loss[] {
  return old.readers.flatMap(({ oid, columns }) => {
    const reader = catalog.relations.find((r) => r.oid === oid)
    if (reader === undefined) return []
    const what = `${kindWord(reader.kind)} ${reader.fullName}`
    if (reader.kind === 'm') return [{ what, why: 'it would have to be filled again while its readers wait' }]
    if (!reader.mine) return [{ what, why: `it belongs to \`${reader.owner}\`, whose rights this connection has not` }]
    const missing = columns.filter((c) => gone.includes(c))
    return missing.length === 0 ? [] : [{ what, why: reads(missing) }]
  })
}

const REASONS: { readonly [kind: string]: string } = {
  foreign_key: 'its rows refer to this table, and would have to be checked again under a lock',
  row_type: 'it uses the row type of the table',
  inheritance: 'it inherits from the table',
  other: 'it depends on the table and cannot be made again',
}

export function dependantLosses(old: RelationFacts, gone: readonly string[]): readonly Loss[] {
  return old.dependants.flatMap(({ kind, description, definition, mine, columns }) => {
    if (kind !== 'function') return [{ what: description, why: REASONS[kind]! }]
    if (definition === null || !mine) return [{ what: description, why: 'it belongs to another role' }]
    const missing = columns.filter((c) => gone.includes(c))
    return missing.length === 0 ? [] : [{ what: description, why: reads(missing) }]
  })
}

/** What belongs to the table itself and reads a column that is gone. */
function partLosses(old: RelationFacts, gone: readonly string[]): readonly Loss[] {
  const losses: Loss[] = []
  const check = (what: string, columns: readonly string[]) => {
    const missing = columns.filter((c) => gone.includes(c))
    if (missing.length > 0) losses.push({ what, why: reads(missing) })
  }
  for (const index of old.indexes) {
    if (isOurs(index) || index.constraint !== null) continue
    const what = `index ${index.name}`
    if (index.valid) check(what, index.columns)
    else losses.push({ what, why: 'it is not valid, as its making failed: drop it or make it again' })
  }
  for (const constraint of old.constraints)
    if (constraint.kind !== 'n') check(`constraint ${constraint.name}`, constraint.columns)
  for (const statistics of old.statistics) check(`statistics ${statistics.name}`, statistics.columns)
  for (const policy of old.policies) check(`policy ${policy.name}`, policy.columns)
  for (const trigger of old.triggers) check(`trigger ${trigger.name}`, trigger.columns)
  for (const publication of old.publications) {
    const what = `publication ${publication.name}`
    if (!publication.mine) losses.push({ what, why: 'the table is published in it, and it belongs to another role' })
    else check(what, publication.columns ?? [])
  }
  return losses
}

function reads(missing: readonly string[]): string {
  const names = missing.map((name) => `\`${name}\``).join(', ')
  return `it reads ${names}, which the new columns do not have`
}

/** What putting a view into the place of another relation would break, as far as that shows before the view stands. */
export function viewLosses(old: RelationFacts, catalog: CatalogFacts): readonly Loss[] {
  const losses = [...ownLosses(old, null), ...readerLosses(old, [], catalog), ...dependantLosses(old, [])]
  return old.kind === 'v' ? losses : [...losses, ...kindLosses(old)]
}

/** What a relation of one kind has and one of another cannot have. */
function kindLosses(old: RelationFacts): readonly Loss[] {
  const why = `it belongs to the ${kindWord(old.kind)}, and a relation of another kind stands there afterwards`
  return [
    ...old.triggers.map(({ name }) => ({ what: `trigger ${name}`, why })),
    ...old.rules.map(({ name }) => ({ what: `rule ${name}`, why })),
    ...old.policies.map(({ name }) => ({ what: `policy ${name}`, why })),
    ...old.publications.map(({ name }) => ({ what: `publication ${name}`, why })),
  ]
}

/** What keeps rows from being deleted and inserted where they are, with nothing else happening. */
export function inPlaceLosses(old: RelationFacts, staged: RelationFacts | null): readonly Loss[] {
  const losses: Loss[] = []
  for (const trigger of old.triggers)
    if (trigger.firesOnRows) losses.push({ what: `trigger ${trigger.name}`, why: 'it would fire for every row' })
  for (const rule of old.rules)
    if (rule.firesOnRows) losses.push({ what: `rule ${rule.name}`, why: 'it would change what is written' })
  if (old.refusesDeletes)
    losses.push({
      what: `table ${old.fullName}`,
      why: 'it is published, and has no replica identity to delete rows by',
    })
  if (old.rowSecurityActive)
    losses.push({ what: `table ${old.fullName}`, why: 'its policies would hide rows from this connection' })
  for (const { kind, description, onDelete } of old.dependants)
    if (kind === 'foreign_key' && onDelete !== 'a')
      losses.push({ what: description, why: 'deleting rows would reach its rows, too' })
  for (const column of old.columns)
    if (column.generated !== '' && givesItself(staged, column.name)) losses.push(generatedTwice(column.name))
  return losses
}
