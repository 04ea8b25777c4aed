import { DatabaseError, UserError } from '../../../base/errors.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { dressRelation } from './dress-relation.ts'
import { dependantsWouldBreak, type Loss } from './errors.ts'
import { dependantLosses } from './find-losses.ts'
import { readFacts } from './read-facts.ts'
import { type CatalogFacts, factsOf, type RelationFacts } from './relation-facts.ts'
import { rename, replaceReader, restoreDefinitions, viewDefaults } from './restore-statements.ts'
import { runBatch } from './run-batch.ts'
import { asideName } from './shortened.ts'
import { kindWord, qualified } from './sql-words.ts'

/** Faults that say nothing about the statement. */
const PASSING: readonly string[] = [
  'lock-timeout',
  'deadlock',
  'connection',
  'interrupted',
  'serialization',
  'conflict',
]

/**
 * Leads the views and functions that read a relation from the old one, which stands aside, to the new one under its name.
 * Where possible a view is replaced, so that it stays the same view; else it is made again in the same way, with what reads
 * it. Raises `UserError` with the list of those for which neither is possible.
 */
export async function repointReaders(
  connection: PostgresConnection,
  old: RelationFacts,
  catalog: CatalogFacts,
): Promise<void> {
  const losses: Loss[] = []
  await repoint(connection, old, catalog, losses)
  if (losses.length > 0) throw new UserError(dependantsWouldBreak({ relation: `${old.schema}.${old.name}`, losses }))
}

async function repoint(
  connection: PostgresConnection,
  old: RelationFacts,
  catalog: CatalogFacts,
  losses: Loss[],
): Promise<void> {
  const views = old.readers
    .map(({ oid }) => catalog.relations.find((r) => r.oid === oid))
    .filter((view) => view !== undefined)
  const functions = old.dependants.map((d) => d.definition).filter((d) => d !== null)
  const statements = [...views.map((view) => replaceReader(view, 'create or replace')), ...functions]
  if (statements.length === 0) return
  if ((await attempt(connection, () => runBatch(connection, statements))) === null) return
  for (const view of views) {
    const fault = await attempt(connection, async () => {
      await connection.execute(replaceReader(view, 'create or replace'))
    })
    if (fault?.kind === 'view-columns') await makeAgain(connection, view, catalog, losses)
    else if (fault !== null) losses.push({ what: `${kindWord(view.kind)} ${view.fullName}`, why: fault.message })
  }
  for (const { definition, description } of old.dependants) {
    if (definition === null) continue
    const fault = await attempt(connection, async () => {
      await connection.execute(definition)
    })
    if (fault !== null) losses.push({ what: description, why: fault.message })
  }
}

/** A view whose columns change: a new one takes its place, as a table's new one does. */
async function makeAgain(
  connection: PostgresConnection,
  view: RelationFacts,
  catalog: CatalogFacts,
  losses: Loss[],
): Promise<void> {
  const lost = readersLost(view, catalog)
  losses.push(...lost)
  if (lost.length > 0) return
  const aside = asideName(view.oid)
  const fault = await attempt(connection, () =>
    runBatch(connection, [rename(view, aside), replaceReader(view, 'create')]),
  )
  if (fault !== null) {
    losses.push({ what: `${kindWord(view.kind)} ${view.fullName}`, why: fault.message })
    return
  }
  const found = await readFacts(connection, view.schema, [view.name])
  const now = factsOf(found, { schema: view.schema, identifier: view.name })!
  await runBatch(connection, [
    ...dressRelation(view, now, catalog.version),
    ...viewDefaults(view, now),
    ...restoreDefinitions(view, now),
  ])
  await repoint(connection, view, catalog, losses)
  if (losses.length > 0) return
  await connection.execute(`drop view ${qualified({ schema: view.schema, name: aside })}`)
}

/** What reads a view that has to be made again and cannot follow it. */
function readersLost(view: RelationFacts, catalog: CatalogFacts): readonly Loss[] {
  const materialized = view.readers.flatMap(({ oid }) => {
    const reader = catalog.relations.find((r) => r.oid === oid)
    if (reader === undefined || (reader.kind === 'v' && reader.mine)) return []
    const why =
      reader.kind === 'm'
        ? 'it would have to be filled again while its readers wait'
        : `it belongs to \`${reader.owner}\`, whose rights this connection has not`
    return [{ what: `${kindWord(reader.kind)} ${reader.fullName}`, why }]
  })
  return [...materialized, ...dependantLosses(view, [])]
}

async function attempt(connection: PostgresConnection, work: () => Promise<void>) {
  try {
    await connection.savepoint(work)
    return null
  } catch (error) {
    if (!(error instanceof DatabaseError) || PASSING.includes(error.fault.kind)) throw error
    return error.fault
  }
}
