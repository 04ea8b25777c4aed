import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { ColumnFacts, LabelFact, RelationFacts } from './relation-facts.ts'
import { relationPrivileges, rightsStatements, sequencePrivileges } from './rights.ts'
import { commentOn, kindWord, qualified } from './sql-words.ts'

/**
 * Gives a new relation what every kind of relation has: owner, comments, rights and labels of the old one. What it has
 * already is left out, so that it can be asked again whether something is missing.
 */
export function dressRelation(old: RelationFacts, now: RelationFacts, version: number): readonly string[] {
  const name = qualified(now)
  const object = `${kindWord(now.kind)} ${name}`
  const out: string[] = []
  if (now.owner !== old.owner) out.push(`alter ${object} owner to ${quoteIdentifier(old.owner)}`)
  if (old.comment !== null && now.comment === null) out.push(commentOn(object, old.comment))
  const whole = { words: name, column: null, owner: old.owner, all: relationPrivileges(version) }
  const rights = rightsStatements(whole, old.rights, now.rights, now.owner)
  out.push(...rights)
  // Taking a right from a relation takes it from the columns, too.
  const revoked = rights.some((statement) => statement.startsWith('revoke'))
  out.push(...labels(object, old.labels, now.labels))
  for (const column of now.columns) {
    const before = old.columns.find((c) => c.name === column.name)
    if (before === undefined) continue
    const place = `column ${name}.${quoteIdentifier(column.name)}`
    if (before.comment !== null && column.comment === null) out.push(commentOn(place, before.comment))
    const part = { words: name, column: column.name, owner: old.owner, all: [] }
    out.push(...rightsStatements(part, before.rights, revoked ? null : column.rights, now.owner))
    out.push(...labels(place, before.labels, column.labels))
    out.push(...sequenceRights(before, column))
  }
  return out
}

function sequenceRights(before: ColumnFacts, column: ColumnFacts): readonly string[] {
  const { sequence } = column
  if (before.sequence === null || sequence === null) return []
  const words = `sequence ${quoteIdentifier(sequence.schema)}.${quoteIdentifier(sequence.sequence)}`
  const object = { words, column: null, owner: before.sequence.owner, all: sequencePrivileges }
  const comment = before.sequence.comment
  return [
    ...rightsStatements(object, before.sequence.rights, sequence.rights, sequence.owner),
    ...(comment !== null && sequence.comment === null ? [commentOn(words, comment)] : []),
  ]
}

function labels(what: string, wanted: readonly LabelFact[], present: readonly LabelFact[]): readonly string[] {
  return wanted
    .filter((w) => !present.some((p) => p.provider === w.provider && p.label === w.label))
    .map((w) => `security label for ${quoteIdentifier(w.provider)} on ${what} is ${quoteString(w.label)}`)
}
