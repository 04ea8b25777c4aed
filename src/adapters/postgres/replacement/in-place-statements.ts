import { quoteIdentifier } from '../../../sql/quote.ts'
import { createDeclared, type DeclaredIndex, isOurs } from './declared-index.ts'
import { isAdministrators } from './dress-table.ts'
import type { RelationFacts } from './relation-facts.ts'
import { commentOn, kindWord, qualified } from './sql-words.ts'

/**
 * New rows for old ones, in a table that stays. Readers are never locked out; other writers are, so that what they add
 * meanwhile is not mixed in.
 */
export function replaceRows(old: RelationFacts, staged: RelationFacts): readonly string[] {
  const table = qualified(old)
  const from = qualified(staged)
  const given = staged.columns.filter((c) => c.generated === '')
  const columns = given.map((c) => quoteIdentifier(c.name)).join(', ')
  const always = old.columns.some((c) => c.identity === 'a') ? ' overriding system value' : ''
  const only = old.kind === 'p' ? '' : 'only '
  const insert = `insert into ${table} (${columns})${always} select ${columns} from ${from}`
  const drop = `drop ${kindWord(staged.kind)} ${from}`
  if (!old.dependants.some((d) => d.kind === 'foreign_key')) return [`delete from ${only}${table}`, insert, drop]
  // Rows of other tables refer to these: what they refer to is looked for at the end of the statement, when it is there again.
  const once = `with gone as (delete from ${only}${table} returning 1) ${insert} where (select count(*) from gone) >= 0`
  return [once, drop]
}

/** Indexes that are declared now and were not, and which a declaration made that is no longer there. */
export function indexChanges(
  old: RelationFacts,
  declared: readonly DeclaredIndex[],
): { readonly create: readonly string[]; readonly drop: readonly string[]; readonly urgent: boolean } {
  const name = (index: string) => `${quoteIdentifier(old.schema)}.${quoteIdentifier(index)}`
  const wanted = declared.filter((d) => !isAdministrators(old, d.name))
  const kept = new Set(
    old.indexes.filter((i) => wanted.some((d) => d.name === i.name && d.mark === i.comment)).map((i) => i.name),
  )
  const gone = old.indexes.filter((i) => isOurs(i) && !kept.has(i.name))
  return {
    urgent: gone.some((i) => wanted.some((d) => d.name === i.name)),
    drop: gone.map((i) => `drop index ${name(i.name)}`),
    create: wanted
      .filter((d) => !kept.has(d.name))
      .flatMap((d) => [createDeclared(d, d.name, qualified(old)), commentOn(`index ${name(d.name)}`, d.mark)]),
  }
}
