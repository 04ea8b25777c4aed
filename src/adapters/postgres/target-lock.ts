import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Client } from 'pg'
import { CancelledError, DatabaseError, UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { type LockHolder, targetHeld } from '../errors.ts'
import { pause } from '../pause.ts'
import { postgresFault } from './postgres-error.ts'
import { send } from './postgres-query.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000
/** The first key of every run's own advisory lock: `tsdb` in ASCII. */
const RUN_LOCKS = 0x74_73_64_62

interface LockOptions {
  /** Makes the connection that has the locks; its application name ends in the given text. */
  readonly connect: (holds: string) => Promise<Client>
  readonly runId: string
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
  readonly span: Span | undefined
}

/**
 * What tells other runs that this one lives: advisory locks on a connection of their own, which the server gives back as
 * soon as the connection or the process is gone. One lock for each target that the run writes to, and one for its run id.
 */
export class TargetLock {
  readonly #options: LockOptions
  #client: Promise<Client> | undefined
  #lost = false
  #closed = false

  constructor(options: LockOptions) {
    this.#options = options
  }

  /** True when the connection with the locks is gone: another run may write to the target by now. */
  get isLost(): boolean {
    return this.#lost
  }

  /** Raises a `DatabaseError` of kind `connection` when the locks are gone. */
  assertHeld(): void {
    if (!this.#lost) return
    const message = 'the connection that held the target for this run was lost, so another run may write to it'
    const hint = 'look whether the server runs, and why it or the network ended the connection; then run again'
    throw new DatabaseError({ kind: 'connection', message, hint })
  }

  /** Takes the run's own lock, by which other runs know that its staged relations are no strays. */
  async announce(): Promise<void> {
    await this.#connected()
  }

  /** Waits for the target as long as the run may; raises `UserError` that names the holder. */
  async hold(database: string, schema: string): Promise<void> {
    const client = await this.#connected()
    const { waitMs, signal, span } = this.#options
    const started = Date.now()
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
      if (signal?.aborted === true) throw new CancelledError()
      const [row] = await ask(client, `select pg_catalog.pg_try_advisory_lock(${keyOf(schema)})`)
      if (row?.[0] === 't') return
      const waitedMs = Date.now() - started
      if (waitedMs >= waitMs) {
        const holder = await holderOf(client, schema)
        const target = `${database}.${schema}`
        throw new UserError(targetHeld({ target, holder, waitedMs: waitMs > 0 ? waitedMs : 0 }, { span }))
      }
      await pause(Math.min(wait, waitMs - waitedMs), signal)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect()
    return this.#client
  }

  async #connect(): Promise<Client> {
    const client = await this.#options.connect(`${process.pid}@${hostname()}`)
    const lost = () => {
      this.#lost = !this.#closed
    }
    client.on('error', lost)
    client.on('end', lost)
    // Known from version 14 on; it would throw out a connection that only holds locks.
    await ask(
      client,
      `select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name = 'idle_session_timeout'`,
    )
    await ask(client, `select pg_catalog.pg_advisory_lock_shared(${runKey(this.#options.runId)})`)
    return client
  }
}

/** Whether a statement gets the lock of a run id, which means that the run is dead; the lock is to be given back. */
export function tryRunLock(runId: string): string {
  return `select pg_catalog.pg_try_advisory_lock(${runKey(runId)})`
}

export function releaseRunLock(runId: string): string {
  return `select pg_catalog.pg_advisory_unlock(${runKey(runId)})`
}

function runKey(runId: string): string {
  return `${RUN_LOCKS}, ${Number.parseInt(runId, 16) | 0}`
}

/** The database is a part of every advisory lock already. */
function keyOf(schema: string): bigint {
  return createHash('sha256').update(`tsdbt target ${schema}`).digest().readBigInt64BE()
}

/** The application name of a run's lock says which process of which host it is; the server knows the rest. */
async function holderOf(client: Client, schema: string): Promise<LockHolder> {
  const key = BigInt.asUintN(64, keyOf(schema))
  const [row] = await ask(
    client,
    `select a.usename, host(a.client_addr), a.pid, a.application_name,
  to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
from pg_catalog.pg_locks l
join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.classid = ${key >> 32n} and l.objid = ${key & 0xffff_ffffn}`,
  )
  if (row === undefined) return {}
  const [user, address, serverProcess, application, since] = row.map((value) => value ?? undefined)
  const named = /^(.*) (\d+)@(\S+)$/.exec(application ?? '')
  return {
    user,
    address,
    serverProcess: Number(serverProcess),
    since,
    ...(named === null ? { program: application } : { program: named[1], pid: Number(named[2]), host: named[3] }),
  }
}

async function ask(client: Client, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  try {
    return (await send(client, sql)).rows
  } catch (error) {
    throw new DatabaseError(postgresFault(error, sql))
  }
}
