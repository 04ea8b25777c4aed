import { DatabaseError, UserError } from '../../../base/errors.ts'
import { quoteString } from '../../../sql/quote.ts'
import type { ViewRequest } from '../../replacement.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { dressRelation } from './dress-relation.ts'
import { optionWord } from './dress-table.ts'
import { dependantsWouldBreak } from './errors.ts'
import { ExclusiveLocks, namingHolders } from './exclusive-locks.ts'
import { viewLosses } from './find-losses.ts'
import { waitsForExport } from './leave-rebuilt.ts'
import { readFacts } from './read-facts.ts'
import { factsOf } from './relation-facts.ts'
import { repointReaders } from './repoint-readers.ts'
import { rename, restoreDefinitions, viewDefaults } from './restore-statements.ts'
import { runBatch } from './run-batch.ts'
import { asideName, leftName } from './shortened.ts'
import { kindWord, qualified } from './sql-words.ts'
import { readersAbove } from './swap-relations.ts'

/** Inside a transaction: gives a view its new definition, or puts a view into the place of what stands there. */
export async function replaceView(connection: PostgresConnection, request: ViewRequest): Promise<void> {
  const { target, sql, existing } = request
  // The caller builds the same text, so that a mistake leads to the analyst's line.
  const statement = postgresDialect.createView(target, sql, { replace: true }).text
  if (existing === null) {
    await connection.execute(statement)
    return
  }
  await namingHolders(connection, { schema: target.schema, name: target.identifier }, async () => {
    const locks = await ExclusiveLocks.of(connection)
    if (existing === 'view' && (await replaceInPlace(connection, request, statement))) locks.took()
    else await makeAnew(connection, request, statement, locks)
    await locks.restore()
  })
}

/** False when the new columns cannot follow the old ones. */
async function replaceInPlace(
  connection: PostgresConnection,
  { target }: ViewRequest,
  statement: string,
): Promise<boolean> {
  const { rows } = await connection.query(`select to_json(c.reloptions)::text from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(target.schema)} and c.relname = ${quoteString(target.identifier)}`)
  try {
    await connection.savepoint(async () => {
      await connection.execute(statement)
    })
  } catch (error) {
    if (error instanceof DatabaseError && error.fault.kind === 'view-columns') return false
    throw error
  }
  const options = rows[0]?.[0]
  if (typeof options !== 'string') return true
  // A definition that says no options takes them away.
  const words = (JSON.parse(options) as readonly string[]).map(optionWord).join(', ')
  await connection.execute(`alter view ${qualified({ schema: target.schema, name: target.identifier })} set (${words})`)
  return true
}

async function makeAnew(
  connection: PostgresConnection,
  { target }: ViewRequest,
  statement: string,
  locks: ExclusiveLocks,
): Promise<void> {
  const catalog = await readFacts(connection, target.schema, [target.identifier])
  const old = factsOf(catalog, target)
  if (old === null) {
    await connection.execute(statement)
    return
  }
  const relation = `${target.schema}.${target.identifier}`
  const losses = viewLosses(old, catalog)
  if (losses.length > 0) throw new UserError(dependantsWouldBreak({ relation, losses }))
  // Which views can only be made again shows when the new one stands; those above are locked before, as readers do it.
  await locks.take([...readersAbove(old, catalog, () => true), old], 'access exclusive')
  const aside = asideName(old.oid)
  await connection.execute(rename(old, aside))
  await connection.execute(statement)
  const now = factsOf(await readFacts(connection, target.schema, [target.identifier]), target)!
  const isView = old.kind === 'v'
  const options =
    isView && old.options.length > 0
      ? [`alter view ${qualified(now)} set (${old.options.map(optionWord).join(', ')})`]
      : []
  await runBatch(connection, [
    ...dressRelation(old, now, catalog.version),
    ...options,
    ...(isView ? [...viewDefaults(old, now), ...restoreDefinitions(old, now)] : []),
  ])
  const waiting = old.readers.filter(({ oid, columns }) => {
    const reader = catalog.relations.find((r) => r.oid === oid)
    return reader !== undefined && waitsForExport(reader, columns, now.columns)
  })
  const readers = old.readers.filter((reading) => !waiting.includes(reading))
  await repointReaders(connection, { ...old, readers }, catalog)
  const left = { ...old, name: aside }
  await connection.execute(
    waiting.length > 0
      ? rename(left, leftName(target.identifier, old.oid))
      : `drop ${kindWord(old.kind)} ${qualified(left)}`,
  )
}
