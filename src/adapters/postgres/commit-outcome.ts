import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresLink } from './postgres-link.ts'
import { send } from './postgres-query.ts'

const PATIENCE_MS = 30_000
const LONGEST_PAUSE_MS = 2_000

/**
 * Asks a server, to which the connection was lost during a commit, what became of the transaction. Waits for a server that
 * starts again and for a session that has not yet noticed; `unknown` when that takes too long.
 */
export async function commitOutcome(link: PostgresLink, xid: string): Promise<'committed' | 'aborted' | 'unknown'> {
  const until = Date.now() + PATIENCE_MS
  for (let pause = 20; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const status = await askOnce(link, xid)
    if (status === 'committed' || status === 'aborted') return status
    if (Date.now() >= until) return 'unknown'
    await delay(pause)
  }
}

async function askOnce(link: PostgresLink, xid: string): Promise<string | null> {
  try {
    const client = await link.connect()
    try {
      return (await send(client, `select pg_xact_status('${xid}'::xid8)`)).rows[0]?.[0] ?? null
    } finally {
      await client.end()
    }
  } catch (error) {
    // A number that the server has not given yet: it came up again without ever having written the transaction.
    return (error as { code?: string }).code === '22023' ? 'aborted' : null
  }
}
