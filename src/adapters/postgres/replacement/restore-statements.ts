import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { DeclaredIndex } from './declared-index.ts'
import { copiedIndexes, isAdministrators, optionWord } from './dress-table.ts'
import type { DefinitionFact, RelationFacts } from './relation-facts.ts'
import { roleName } from './rights.ts'
import { temporaryName } from './shortened.ts'
import { commentOn, kindWord, qualified } from './sql-words.ts'

/** What has to leave the old table before it can be dropped. `now` stands at its final name. */
export function beforeDrop(old: RelationFacts, now: RelationFacts): readonly string[] {
  const out: string[] = []
  for (const { schema, name, column } of old.sequences) {
    if (!now.columns.some((c) => c.name === column)) continue
    const owner = `${qualified(now)}.${quoteIdentifier(column)}`
    out.push(`alter sequence ${qualified({ schema, name })} owned by ${owner}`)
  }
  for (const before of old.columns) {
    const after = now.columns.find((c) => c.name === before.name)
    if (before.sequence === null || after?.sequence == null) continue
    const [from, to] = [before.sequence, after.sequence].map((s) => qualified({ schema: s.schema, name: s.sequence }))
    out.push(`select setval(${quoteString(to!)}, last_value, is_called) from ${from}`)
  }
  return out
}

/** Final names of what had temporary ones, possible when the old relation has given them up. */
export function finalNames(
  old: RelationFacts | null,
  staged: RelationFacts,
  now: RelationFacts,
  declared: readonly DeclaredIndex[],
): readonly string[] {
  const rename = (kind: string, from: string, to: string) =>
    `alter ${kind} ${quoteIdentifier(now.schema)}.${quoteIdentifier(from)} rename to ${quoteIdentifier(to)}`
  const out = declared
    .filter(({ name }) => !isAdministrators(old, name))
    .map(({ name }) => rename('index', temporaryName(staged.name, name), name))
  if (old === null || (old.kind === 'm') !== (now.kind === 'm') || old.kind === 'v') return out
  for (const index of copiedIndexes(old, staged))
    out.push(rename('index', temporaryName(staged.name, index.name), index.name))
  for (const { name, kind, temporal } of old.constraints)
    if (kind === 'x' || temporal) out.push(rename('index', temporaryName(staged.name, name), name))
  for (const { name } of old.statistics) out.push(rename('statistics', temporaryName(staged.name, name), name))
  for (const before of old.columns) {
    const after = staged.columns.find((c) => c.name === before.name)
    if (before.sequence !== null && after?.sequence != null && after.sequence.sequence !== before.sequence.sequence)
      out.push(rename('sequence', after.sequence.sequence, before.sequence.sequence))
  }
  return out
}

/** Policies, triggers, rules and publications of a table: they name it, so they are made when it has its name. */
export function restoreTable(old: RelationFacts, now: RelationFacts): readonly string[] {
  const table = qualified(now)
  const out: string[] = []
  if (old.rowSecurity) out.push(`alter table ${table} enable row level security`)
  if (old.forceRowSecurity) out.push(`alter table ${table} force row level security`)
  for (const { name, permissive, command, roles, using, check, comment } of old.policies) {
    const policy = `policy ${quoteIdentifier(name)} on ${table}`
    const to = roles.length === 0 ? 'public' : roles.map(roleName).join(', ')
    const head = `create ${policy} as ${permissive ? 'permissive' : 'restrictive'} for ${command} to ${to}`
    out.push(`${head}${using === null ? '' : ` using (${using})`}${check === null ? '' : ` with check (${check})`}`)
    if (comment !== null) out.push(commentOn(policy, comment))
  }
  out.push(...restoreDefinitions(old, now))
  for (const { name, columns, where } of old.publications) {
    const listed = columns === null ? '' : ` (${columns.map(quoteIdentifier).join(', ')})`
    const filter = where === null ? '' : ` where (${where})`
    out.push(`alter publication ${quoteIdentifier(name)} add table only ${table}${listed}${filter}`)
  }
  return out
}

/** Triggers and rules of a table or a view. */
export function restoreDefinitions(old: RelationFacts, now: RelationFacts): readonly string[] {
  return [
    ...old.triggers.flatMap((fact) => restored('trigger', fact, now)),
    ...old.rules.flatMap((fact) => restored('rule', fact, now)),
  ]
}

const ENABLE: { readonly [letter: string]: string } = { D: 'disable', R: 'enable replica', A: 'enable always' }

function restored(kind: 'trigger' | 'rule', fact: DefinitionFact, now: RelationFacts): readonly string[] {
  const { name, definition, enabled, comment } = fact
  const out = [definition]
  if (enabled !== 'O') out.push(`alter table ${qualified(now)} ${ENABLE[enabled]} ${kind} ${quoteIdentifier(name)}`)
  if (comment !== null) out.push(commentOn(`${kind} ${quoteIdentifier(name)} on ${qualified(now)}`, comment))
  return out
}

/** A view that stands keeps its rights, its owner and what reads it, but the statement takes its options away unless it says them. */
export function replaceReader(view: RelationFacts, how: 'create' | 'create or replace'): string {
  const columns = view.columns.map((c) => quoteIdentifier(c.name)).join(', ')
  const options = view.options.length === 0 ? '' : ` with (${view.options.map(optionWord).join(', ')})`
  return `${how} view ${qualified(view)} (${columns})${options} as ${view.query}`
}

/** Defaults of a view's columns, for those who insert through it. */
export function viewDefaults(old: RelationFacts, now: RelationFacts): readonly string[] {
  return old.columns
    .filter((c) => c.default !== null && now.columns.find((n) => n.name === c.name)?.default === null)
    .map((c) => `alter view ${qualified(now)} alter column ${quoteIdentifier(c.name)} set default ${c.default}`)
}

export function rename({ schema, name, kind }: RelationFacts, to: string): string {
  return `alter ${kindWord(kind)} ${qualified({ schema, name })} rename to ${quoteIdentifier(to)}`
}
