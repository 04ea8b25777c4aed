import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { IndexSpec } from '../replacement.ts'
import { inGuardedTransaction } from './in-guarded-transaction.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { createDeclared, type DeclaredIndex, declaredIndexes, isOurs } from './replacement/declared-index.ts'
import { commentOn, qualified } from './replacement/sql-words.ts'

interface StandingIndex {
  readonly name: string
  readonly comment: string | null
  readonly valid: boolean
}

/** What has to be done so that a relation has the declared indexes. An administrator's indexes are left alone. */
export interface IndexChanges {
  readonly missing: readonly DeclaredIndex[]
  /** Names of indexes that an earlier declaration made. */
  readonly surplus: readonly string[]
}

export async function indexChanges(
  connection: PostgresConnection,
  table: RelationName,
  specs: readonly IndexSpec[],
): Promise<IndexChanges> {
  const standing = await indexesOf(connection, table)
  const declared = declaredIndexes(table.identifier, specs)
  const asDeclared = (index: StandingIndex): boolean =>
    index.valid && declared.some((d) => d.name === index.name && d.mark === index.comment)
  return {
    missing: declared.filter(({ name }) => !standing.some((i) => i.name === name && (!isOurs(i) || asDeclared(i)))),
    surplus: standing.filter((i) => isOurs(i) && !asDeclared(i)).map((i) => i.name),
  }
}

/** Making an index keeps writers away until it is done, never readers; dropping one waits for readers, but not long. */
export async function ensureIndexes(
  connection: PostgresConnection,
  table: RelationName,
  specs: readonly IndexSpec[],
): Promise<void> {
  const { missing, surplus } = await indexChanges(connection, table, specs)
  if (missing.length + surplus.length === 0) return
  const { schema, identifier: name } = table
  await inGuardedTransaction(connection, table, async () => {
    for (const index of surplus) await connection.execute(`drop index if exists ${inSchema(schema, index)}`)
    for (const index of missing) {
      await connection.execute(createDeclared(index, index.name, qualified({ schema, name })))
      await connection.execute(commentOn(`index ${inSchema(schema, index.name)}`, index.mark))
    }
  })
}

function inSchema(schema: string, index: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(index)}`
}

async function indexesOf(connection: PostgresConnection, table: RelationName): Promise<readonly StandingIndex[]> {
  const { rows } = await connection.query(`select i.relname, obj_description(i.oid, 'pg_class'), x.indisvalid
from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(table.schema)} and c.relname = ${quoteString(table.identifier)}`)
  return rows.map(([name, comment, valid]) => ({
    name: String(name),
    comment: comment === null ? null : String(comment),
    valid: valid === true,
  }))
}
