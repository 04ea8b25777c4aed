import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ColumnFacts, RelationFacts } from './relation-facts.ts'
import { qualified } from './sql-words.ts'

const STORAGE: { readonly [letter: string]: string } = { p: 'plain', e: 'external', m: 'main', x: 'extended' }
const COMPRESSION: { readonly [letter: string]: string } = { p: 'pglz', l: 'lz4' }

/** Generated columns that an administrator added and that a new table, made by a query, does not have. */
export function addGenerated(old: RelationFacts, now: RelationFacts): readonly string[] {
  const table = qualified(now)
  return old.columns
    .filter((c) => c.generated !== '' && !now.columns.some((n) => n.name === c.name))
    .map((c) => {
      const kind = c.generated === 's' ? 'stored' : 'virtual'
      return `alter table ${table} add column ${quoteIdentifier(c.name)} ${c.type} generated always as (${c.default}) ${kind}`
    })
}

/** Defaults, not null, identities and the tuning of columns that both tables have. */
export function dressColumns(old: RelationFacts, now: RelationFacts, version: number): readonly string[] {
  const table = qualified(now)
  const actions: string[] = []
  for (const before of old.columns) {
    const column = now.columns.find((c) => c.name === before.name)
    if (column !== undefined || before.generated !== '')
      actions.push(...columnActions(before, column ?? bare(before), version))
  }
  return actions.map((action) => `alter table ${table} ${action}`)
}

/** A generated column just after it was added. */
function bare(column: ColumnFacts): ColumnFacts {
  const { name, type, generated, typeStorage } = column
  return {
    ...{ name, type, generated, typeStorage, storage: typeStorage, default: column.default },
    ...{ notNull: false, identity: '', sequence: null, statistics: null, compression: '', options: null },
    ...{ rights: null, comment: null, labels: [] },
  }
}

function columnActions(before: ColumnFacts, column: ColumnFacts, version: number): readonly string[] {
  const alter = `alter column ${quoteIdentifier(column.name)}`
  const same = before.type === column.type
  const out: string[] = []
  // Since version 18 it is a constraint with a name, and is made with the others.
  if (before.notNull && !column.notNull && version < 180000) out.push(`${alter} set not null`)
  if (before.default !== null && column.default === null && before.generated === '')
    out.push(`${alter} set default ${before.default}`)
  if (before.statistics !== column.statistics) out.push(`${alter} set statistics ${before.statistics ?? -1}`)
  if (same && before.storage !== column.storage) out.push(`${alter} set storage ${STORAGE[before.storage]}`)
  if (same && before.compression !== '' && before.compression !== column.compression)
    out.push(`${alter} set compression ${COMPRESSION[before.compression]}`)
  const options = (before.options ?? []).filter((option) => column.options?.includes(option) !== true)
  if (options.length > 0) out.push(`${alter} set (${options.join(', ')})`)
  return out
}

/** Identities need their columns to be not null, so they come after the constraints. */
export function dressIdentities(old: RelationFacts, now: RelationFacts): readonly string[] {
  return old.columns.flatMap((before) => {
    const column = now.columns.find((c) => c.name === before.name)
    if (before.sequence === null || column === undefined || column.identity !== '') return []
    const always = before.identity === 'a' ? 'always' : 'by default'
    const options = before.sequence.options
    const name = quoteIdentifier(column.name)
    return [`alter table ${qualified(now)} alter column ${name} add generated ${always} as identity (${options})`]
  })
}
