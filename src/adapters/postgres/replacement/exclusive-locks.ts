import { DatabaseError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import type { RelationFacts } from './relation-facts.ts'
import { runBatch } from './run-batch.ts'
import { kindWord, qualified } from './sql-words.ts'

/** Part of the server's `deadlock_timeout` for which locks may be collected. */
const SHARE_OF_DEADLOCK_TIMEOUT = 0.7
const SHORTEST_WAIT_MS = 20

type Lockable = Pick<RelationFacts, 'schema' | 'name' | 'kind' | 'owner'>

type LockMode = 'share update exclusive' | 'share row exclusive' | 'access exclusive'

/**
 * Takes the locks that publishing needs, and never waits long for one: whoever comes after a waiter waits, too.
 *
 * The first exclusive lock of a transaction may take as long as the lock timeout. For all that follow there is only so much
 * time together that no reader who waits for one of them, and has another, is thrown out as part of a deadlock: the server
 * looks for deadlocks after `deadlock_timeout`, and by then the locks are had or let go.
 */
export class ExclusiveLocks {
  readonly #connection: PostgresConnection
  readonly #patienceMs: number
  readonly #deadlockMs: number
  readonly #before: string
  #since: number | null

  private constructor(connection: PostgresConnection, row: readonly unknown[]) {
    this.#connection = connection
    this.#before = String(row[0])
    this.#deadlockMs = Number(row[1])
    const own = Number(row[2])
    this.#patienceMs = Math.min(own > 0 ? own : Number.POSITIVE_INFINITY, connection.lockTimeoutMs)
    this.#since = row[3] === null || row[3] === '' ? null : Number(row[3])
  }

  /** Inside a transaction; `restore` gives it its own settings back, and so does a rollback. */
  static async of(connection: PostgresConnection): Promise<ExclusiveLocks> {
    // The view `pg_settings` would make all settings to show these two.
    const milliseconds = (name: string) => `extract(epoch from current_setting('${name}')::interval) * 1000`
    const { rows } = await connection.query(
      `select current_setting('lock_timeout'), ${milliseconds('deadlock_timeout')}, ${milliseconds('lock_timeout')},
current_setting('tsdbt.exclusive_since', true)`,
    )
    const locks = new ExclusiveLocks(connection, rows[0]!)
    await locks.#limit(locks.#waitMs())
    return locks
  }

  async restore(): Promise<void> {
    const since = this.#since === null ? '' : String(this.#since)
    await this.#connection.query(
      `select set_config('lock_timeout', ${quoteString(this.#before)}, true), set_config('tsdbt.exclusive_since', ${quoteString(since)}, true)`,
    )
  }

  /** Takes locks one after the other. What waits for views and tables takes views first, so this has to, too. */
  async take(relations: readonly Lockable[], mode: LockMode): Promise<void> {
    const [first, ...more] = relations
    if (first === undefined) return
    if (this.#since !== null) await this.#limit(this.#waitMs())
    await this.#connection.execute(lockStatement(first, mode))
    if (mode === 'access exclusive') this.took()
    if (this.#since === null && more.length === 0) return
    // In one message, as somebody may wait already; what is left of the time is counted by the server.
    const left = this.#waitMs()
    const remaining = `select set_config('lock_timeout', greatest(${SHORTEST_WAIT_MS},
${left} - extract(epoch from clock_timestamp() - statement_timestamp()) * 1000)::int::text, true)`
    await runBatch(this.#connection, [...more.flatMap((r) => [remaining, lockStatement(r, mode)]), remaining])
  }

  /** A statement has taken an exclusive lock by itself. */
  took(): void {
    this.#since ??= Date.now()
  }

  #waitMs(): number {
    if (this.#since === null) return this.#patienceMs
    const left = this.#deadlockMs * SHARE_OF_DEADLOCK_TIMEOUT - (Date.now() - this.#since)
    return Math.min(this.#patienceMs, Math.max(SHORTEST_WAIT_MS, Math.floor(left)))
  }

  async #limit(milliseconds: number): Promise<void> {
    await this.#connection.execute(`set local lock_timeout = ${milliseconds}`)
  }
}

/** `lock table` would lock the tables of a view along with it, and refuses materialized views; for these, what changes nothing. */
function lockStatement(relation: Lockable, mode: LockMode): string {
  const { kind, owner } = relation
  return kind === 'v' || kind === 'm'
    ? `alter ${kindWord(kind)} ${qualified(relation)} owner to ${quoteIdentifier(owner)}`
    : `lock table ${qualified(relation)} in ${mode} mode`
}

/** Does work within a savepoint; when a lock was not had in time, the error says who has it. */
export async function namingHolders<T>(
  connection: PostgresConnection,
  relation: { readonly schema: string; readonly name: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await connection.savepoint(work)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.fault.kind !== 'lock-timeout') throw error
    const holders = await holdersOf(connection, relation)
    const message = `\`${relation.schema}.${relation.name}\` could not be locked in time: ${holders}`
    throw new DatabaseError({ ...error.fault, message })
  }
}

/** Does work that can wait for another time: nothing is done when a lock is not had. */
export async function unlessLocked(connection: PostgresConnection, work: () => Promise<void>): Promise<void> {
  try {
    await connection.savepoint(work)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.fault.kind !== 'lock-timeout') throw error
  }
}

async function holdersOf(
  connection: PostgresConnection,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<string> {
  const { rows } = await connection.query(`with recursive above as (
  select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = ${quoteString(schema)} and c.relname = ${quoteString(name)}
  union
  select w.ev_class from above join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = above.oid
    and d.classid = 'pg_rewrite'::regclass join pg_rewrite w on w.oid = d.objid)
select distinct on (a.pid) a.pid, a.usename, a.application_name, to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS')
from pg_locks l join above on l.relation = above.oid join pg_stat_activity a on a.pid = l.pid
where l.granted and l.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
order by a.pid limit 5`)
  if (rows.length === 0) return 'whoever had it has let it go meanwhile'
  return rows
    .map(([pid, user, application, since]) => {
      const parts = [`process ${pid}`, user === null ? '' : `user \`${user}\``]
      if (application !== null && application !== '') parts.push(`application \`${application}\``)
      if (since !== null) parts.push(`in a transaction since ${since}`)
      return `in use by ${parts.filter((p) => p !== '').join(', ')}`
    })
    .join('; ')
}
