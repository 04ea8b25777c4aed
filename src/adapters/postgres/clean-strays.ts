import { DatabaseError } from '../../base/errors.ts'
import type { ExistingRelation } from '../adapter.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { releaseRunLock, tryRunLock } from './target-lock.ts'

/** Somebody who reads a stray must not hold up the run for longer. */
const LOCK_TIMEOUT = '1s'
const ORDER = ['view', 'materialized_view', 'table'] as const

/**
 * Drops the staged relations of runs that are dead: those whose own lock can be had. What cannot be dropped (something
 * foreign depends on it, it has another owner, somebody reads it) stays for the next run; nothing is ever cascaded.
 */
export async function dropStrays(
  connection: PostgresConnection,
  strays: readonly ExistingRelation[],
): Promise<readonly ExistingRelation[]> {
  const dropped: ExistingRelation[] = []
  for (const runId of new Set(strays.map(runIdOf))) {
    if ((await connection.query(tryRunLock(runId))).rows[0]?.[0] !== true) continue
    try {
      dropped.push(
        ...(await dropAll(
          connection,
          strays.filter((stray) => runIdOf(stray) === runId),
        )),
      )
    } finally {
      await connection.query(releaseRunLock(runId))
    }
  }
  return dropped
}

function runIdOf({ name }: ExistingRelation): string {
  return name.identifier.slice(-8)
}

/** Again and again while it helps: a view may stand on another one. */
async function dropAll(
  connection: PostgresConnection,
  strays: readonly ExistingRelation[],
): Promise<readonly ExistingRelation[]> {
  const dropped: ExistingRelation[] = []
  let left = [...strays].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
    before = left.length
    const kept: ExistingRelation[] = []
    for (const stray of left) ((await tryToDrop(connection, stray)) ? dropped : kept).push(stray)
    left = kept
  }
  return dropped
}

async function tryToDrop(connection: PostgresConnection, { name, kind }: ExistingRelation): Promise<boolean> {
  await connection.begin()
  try {
    await connection.execute(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
    await connection.execute(postgresDialect.drop(name, kind))
    await connection.commit()
    return true
  } catch (error) {
    await connection.rollback()
    if (!(error instanceof DatabaseError) || error.fault.kind === 'connection') throw error
    return false
  }
}
