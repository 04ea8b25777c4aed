import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { CancelledError, DatabaseError, InternalError } from '../../base/errors.ts'
import { quoteIdentifier } from '../../sql/quote.ts'
import type { ResultColumn, RowSet } from '../adapter.ts'
import { CommentSlot } from '../statement-comment.ts'
import { commitOutcome } from './commit-outcome.ts'
import { CopyOut } from './copy-out.ts'
import { cellConverter } from './postgres-cell.ts'
import { isConnectionLost, postgresFault } from './postgres-error.ts'
import type { PostgresLink } from './postgres-link.ts'
import { send, sendAll, type WireResult } from './postgres-query.ts'
import { ResultTypes } from './result-types.ts'

type Stoppable = Pick<PostgresConnection, 'cancel' | 'interrupt' | 'proceed'>

/** How often a running statement is cancelled again: a request that comes before the server has begun is lost. */
const CANCEL_AGAIN_MS = 100
/** How long a server may be out of reach while a statement is cancelled, before the connection is cut. */
const CANCEL_PATIENCE_MS = 10_000
const TRANSACTION_NUMBER = 'select pg_current_xact_id_if_assigned()'
/** Less would make the stream wait for the server after every few rows. */
const COPY_BUFFER_BYTES = 1 << 20

/**
 * One connection of the driver with the engine's traps closed: errors become `DatabaseError`, a text of several statements
 * is refused, a transaction in which a statement failed can only be rolled back (Postgres's own `commit` would say
 * `ROLLBACK` and no error), a commit is never interrupted and tells the truth although the connection is lost meanwhile, and
 * a lost connection is made again for the first statement outside a transaction.
 */
export class PostgresConnection {
  readonly serverVersion: number
  /** Milliseconds that publishing waits for a lock before it tries again. */
  readonly lockTimeoutMs: number
  readonly #link: PostgresLink
  readonly #types = new ResultTypes()
  #client: Client | undefined
  #running: 'nothing' | 'statement' | 'commit' = 'nothing'
  #transaction: 'none' | 'open' | 'failed' = 'none'
  /** Whether the open transaction may have written something. */
  #wrote = false
  /** The number of the open transaction, once it is known to have one. */
  #xid: string | null = null
  #savepoints = 0
  /** The comment that goes along with every statement. */
  readonly comment: CommentSlot
  #cancelled = false
  /** One statement is to be interrupted, once. */
  #interrupted = false
  #cancelling: Promise<void> | undefined
  readonly #followers = new Set<Stoppable>()
  /** Wakes who waits for the end of the running statement. */
  #ended: (() => void) | undefined
  #stopConnecting: (() => void) | undefined
  #closed = false

  private constructor(link: PostgresLink, client: Client, serverVersion: number) {
    this.comment = new CommentSlot(link.comment ?? null)
    this.#link = link
    this.serverVersion = serverVersion
    this.lockTimeoutMs = link.lockTimeoutMs
    this.#adopt(client)
  }

  /**
   * Raises the driver's own error when the server cannot be reached or refuses.
   * @param connect makes the first client; later ones are made by the link
   */
  static async open(link: PostgresLink, connect = () => link.connect()): Promise<PostgresConnection> {
    const client = await connect()
    const asked = await send(client, `select current_setting('server_version_num')`)
    return new PostgresConnection(link, client, Number(asked.rows[0]![0]))
  }

  /** The server's process that serves this connection; 0 while there is none. */
  get processId(): number {
    return (this.#client as { processID?: number } | undefined)?.processID ?? 0
  }

  get inTransaction(): boolean {
    return this.#transaction !== 'none'
  }

  /** True when a statement failed in the open transaction, so that only `rollback` is left. */
  get hasFailed(): boolean {
    return this.#transaction === 'failed'
  }

  /** True while there is no connection to the server; the next statement outside a transaction makes one. */
  get isLost(): boolean {
    return this.#client === undefined
  }

  async execute(sql: string): Promise<number | null> {
    const { tag, columns } = await this.#guard(sql, async (client, text) => {
      this.#wrote = true
      if (this.#transaction !== 'open' || this.#xid !== null) return send(client, text, { keepRows: false })
      // The number of the transaction is known in good time for the commit, and costs no round trip of its own.
      const [result, asked] = await sendAll(client, [text, TRANSACTION_NUMBER], { keepRows: 'last' })
      this.#xid = asked?.rows[0]?.[0] ?? null
      return result!
    })
    const count = /^(?:INSERT \d+|SELECT|UPDATE|DELETE|MERGE|COPY) (\d+)$/.exec(tag)?.[1]
    // A plain query touches nothing; `create table … as` says `SELECT` and has no columns.
    return count === undefined || (tag.startsWith('SELECT') && columns.length > 0) ? null : Number(count)
  }

  /** With `limit`, the server stops after so many rows. */
  query(sql: string, limit?: number): Promise<RowSet> {
    return this.#guard(sql, async (client, text) => {
      this.#wrote = true
      // The protocol knows no limit of zero: that would mean all.
      const result = await send(client, text, { keepRows: limit !== 0, limit: limit === 0 ? 1 : limit })
      return this.#rowSet(client, result)
    })
  }

  /** As `query`; an open transaction goes on when the statement fails. */
  async queryApart(sql: string, limit?: number): Promise<RowSet> {
    if (this.#transaction === 'none') return this.query(sql, limit)
    const name = quoteIdentifier(`tsdbt_${++this.#savepoints}`)
    try {
      return await this.#guard(sql, async (client, text) => {
        const statements = [`savepoint ${name}`, text, `release savepoint ${name}`]
        const [, result] = await sendAll(client, statements, { limit })
        return this.#rowSet(client, result!)
      })
    } catch (error) {
      await this.#backTo(name)
      throw error
    }
  }

  async begin(): Promise<void> {
    if (this.inTransaction) throw new InternalError('begin inside a transaction')
    try {
      await this.#guard('begin', (client) => send(client, 'begin'))
    } catch (error) {
      // The connection died while it was idle: nothing has happened yet, so that a new one may begin instead.
      if (!(error instanceof DatabaseError && error.fault.kind === 'connection' && this.isLost)) throw error
      await this.#guard('begin', (client) => send(client, 'begin'))
    }
    this.#transaction = 'open'
    this.#wrote = false
    this.#xid = null
    this.#savepoints = 0
  }

  async commit(): Promise<void> {
    if (this.#transaction === 'none') throw new InternalError('commit without a transaction')
    if (this.#transaction === 'failed') {
      await this.rollback()
      throw new InternalError('commit after a statement failed: the transaction was rolled back')
    }
    this.#running = 'commit'
    let sent = false
    try {
      this.#link.assertHeld()
      const client = this.#inTransaction('commit')
      if (this.#wrote && this.#xid === null) {
        const asked = await send(client, TRANSACTION_NUMBER)
        this.#xid = asked.rows[0]?.[0] ?? null
      }
      sent = true
      const { tag } = await send(client, 'commit')
      if (tag !== 'COMMIT')
        throw new InternalError('the server rolled back a transaction that no statement had failed in')
      this.#transaction = 'none'
    } catch (error) {
      this.#transaction = 'failed'
      if (!sent || !this.#isLost(error)) throw this.#translated(error, 'commit')
      this.#drop()
      await this.#confirmCommit(error, this.#xid)
      this.#transaction = 'none'
    } finally {
      this.#running = 'nothing'
    }
  }

  /** Safe when no transaction is open; works after `cancel` and after the connection was lost, too. */
  async rollback(): Promise<void> {
    if (!this.inTransaction) return
    this.#running = 'commit'
    try {
      if (this.#client !== undefined) await send(this.#client, 'rollback')
    } catch (error) {
      // Whatever the reason: without its connection the server rolls back by itself.
      this.#drop()
      if (!this.#isLost(error)) throw this.#translated(error, 'rollback')
    } finally {
      this.#running = 'nothing'
      this.#transaction = 'none'
    }
  }

  /** Does work in the open transaction that may fail: whatever it raises undoes the work alone and is raised again. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    if (!this.inTransaction) throw new InternalError('savepoint without a transaction')
    const name = quoteIdentifier(`tsdbt_${++this.#savepoints}`)
    await this.execute(`savepoint ${name}`)
    try {
      const result = await work()
      await this.execute(`release savepoint ${name}`)
      return result
    } catch (error) {
      // Also where no statement failed, or where an inner savepoint mended it: the locks have to be let go.
      await this.#backTo(name)
      throw error
    }
  }

  async #backTo(savepoint: string): Promise<void> {
    if (this.#client === undefined || !this.inTransaction || this.#cancelled) return
    await this.execute(`rollback to savepoint ${savepoint}`)
    this.#transaction = 'open'
  }

  /** Streams rows into `copy … from stdin`; resolves to their number. What the source raises is raised as it is. */
  copyFrom(sql: string, source: NodeJS.ReadableStream): Promise<number> {
    return this.#guard(sql, async (client, text) => {
      this.#wrote = true
      const copy = client.query(this.#link.copyFrom(text, { highWaterMark: COPY_BUFFER_BYTES }))
      let first: { error: unknown; ofSource: boolean } | undefined
      source.once('error', (error) => {
        first ??= { error, ofSource: true }
      })
      copy.once('error', (error) => {
        first ??= { error, ofSource: false }
      })
      try {
        await pipeline(source, copy)
      } catch (error) {
        if (first?.ofSource === true) {
          // Until the server has heard that nothing more comes, the copy has the connection.
          if (!copy.closed) await new Promise<void>((resolve) => copy.once('close', resolve))
          throw new SourceFailure(first.error)
        }
        throw first?.error ?? error
      }
      return copy.rowCount
    })
  }

  /**
   * The bytes of `copy … to stdout` as they come, and last the number of rows. The connection is taken until then, or until
   * the caller wants no more and the server has heard of it.
   */
  async *copyTo(sql: string): AsyncGenerator<Buffer, number> {
    this.#enter()
    const attempt = <T>(work: () => Promise<T>) =>
      work().catch(async (error: unknown) => {
        copy = undefined
        throw await this.#failure(error, sql)
      })
    let copy: CopyOut | undefined
    try {
      this.#wrote = true
      const client = await attempt(async () => this.#ready(sql))
      copy = new CopyOut(client, this.#link.copyTo(this.comment.around(sql), { highWaterMark: COPY_BUFFER_BYTES }))
      const begun = copy
      for (;;) {
        const chunk = await attempt(() => begun.next())
        if (chunk === undefined) break
        yield chunk
      }
      copy = undefined
      return begun.rowCount
    } finally {
      if (copy !== undefined) {
        this.#interruptRunning()
        await copy.abandon().catch((error) => this.#failure(error, sql))
      }
      await this.#leave()
    }
  }

  /** Interrupts what is running, unless it is a commit; later statements raise `CancelledError` until `resume`. */
  cancel(): void {
    this.#cancelled = true
    for (const follower of this.#followers) follower.cancel()
    this.#interruptRunning()
  }

  /** Interrupts what is running, unless it is a commit, or else the next statement; later ones run. */
  interrupt(): void {
    // Which of them works is not known here: the other one is at rest, and gets over it by `proceed`.
    for (const follower of this.#followers) follower.interrupt()
    this.#interrupted = true
    this.#interruptRunning()
  }

  proceed(): void {
    for (const follower of this.#followers) follower.proceed()
    this.#interrupted = false
  }

  #interruptRunning(): void {
    this.#stopConnecting?.()
    if (this.#running !== 'statement') return
    this.#cancelling ??= this.#cancelWhileRunning().finally(() => {
      this.#cancelling = undefined
    })
  }

  #takeInterruption(): boolean {
    const interrupted = this.#interrupted
    this.#interrupted = false
    return interrupted
  }

  /** Makes `follower`, which works for this connection's caller, stop when the connection is to; the result ends that. */
  stopsWith(follower: Stoppable): () => void {
    if (this.#cancelled) follower.cancel()
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  resume(): void {
    this.#cancelled = false
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = this.#client
    this.#client = undefined
    await client?.end()
  }

  async #cancelWhileRunning(): Promise<void> {
    let reachedAt = Date.now()
    while (this.#running === 'statement') {
      const client = this.#client
      if (client === undefined) break
      try {
        await this.#link.requestCancel(client)
        reachedAt = Date.now()
      } catch {
        // Tried again; when the server stays out of reach, nobody will ever answer the statement.
        if (Date.now() - reachedAt > CANCEL_PATIENCE_MS) this.#drop()
      }
      if (this.#running === 'statement') await this.#endOr(CANCEL_AGAIN_MS)
    }
  }

  /** Waits for the end of the running statement, but not longer than so many milliseconds. */
  #endOr(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#ended = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #guard<T>(sql: string, run: (client: Client, text: string) => Promise<T>): Promise<T> {
    this.#enter()
    try {
      return await run(await this.#ready(sql), this.comment.around(sql))
    } catch (error) {
      throw await this.#failure(error, sql)
    } finally {
      await this.#leave()
    }
  }

  #enter(): void {
    if (this.#cancelled || this.#takeInterruption()) throw new CancelledError()
    if (this.#closed) throw new InternalError('the connection is closed')
    if (this.#running !== 'nothing') throw new InternalError('two statements at once on one connection')
    this.#running = 'statement'
  }

  #ready(sql: string): Client | Promise<Client> {
    this.#link.assertHeld()
    if (sql.includes('\u0000')) throw notAllowed(sql)
    return this.inTransaction ? this.#inTransaction(sql) : this.#connected()
  }

  async #failure(error: unknown, sql: string): Promise<unknown> {
    if (this.#transaction === 'open') this.#transaction = 'failed'
    if (this.#isLost(error)) this.#drop()
    return this.#explained(this.#translated(error, sql))
  }

  async #leave(): Promise<void> {
    this.#running = 'nothing'
    this.#ended?.()
    // A request that is still under way would hit the next statement.
    await this.#cancelling
  }

  async #explained(error: unknown): Promise<unknown> {
    const { explain } = this.#link
    return explain !== undefined && error instanceof DatabaseError
      ? new DatabaseError(await explain(error.fault))
      : error
  }

  #translated(error: unknown, sql: string): unknown {
    if (error instanceof SourceFailure) return error.cause
    if (error instanceof DatabaseError || error instanceof InternalError || error instanceof CancelledError)
      return error
    const fault = postgresFault(error, sql, this.comment.lead)
    const interrupted = fault.kind === 'interrupted' || fault.kind === 'connection'
    const asked = interrupted && (this.#cancelled || this.#takeInterruption())
    return asked ? new CancelledError() : new DatabaseError(fault)
  }

  #isLost(error: unknown): boolean {
    return this.#client === undefined || isConnectionLost(error)
  }

  async #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client
    const made = this.#link.connect()
    const stopped = new Promise<never>((_, reject) => {
      this.#stopConnecting = () => reject(new CancelledError())
    })
    try {
      this.#adopt(await Promise.race([made, stopped]))
    } catch (error) {
      if (this.#cancelled || this.#interrupted) made.then((client) => client.end()).catch(() => undefined)
      throw error
    }
    return this.#client!
  }

  /** Its own connection or none: a new one would know nothing of the transaction. */
  #inTransaction(sql: string): Client {
    if (this.#client !== undefined) return this.#client
    throw new DatabaseError({ kind: 'connection', message: 'the connection was lost during the transaction', sql })
  }

  #adopt(client: Client): void {
    this.#client = client
    const lost = () => {
      if (this.#client === client) this.#client = undefined
    }
    client.on('error', lost)
    client.on('end', lost)
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    client?.connection.stream.destroy()
  }

  async #confirmCommit(error: unknown, xid: string | null): Promise<void> {
    // Without a number the transaction has written nothing, and there was nothing to commit.
    if (xid === null) return
    const outcome = await commitOutcome(this.#link, xid)
    if (outcome === 'committed') return
    const fault = postgresFault(error, 'commit')
    if (outcome === 'aborted') throw new DatabaseError({ ...fault, kind: 'connection' })
    const message = `the connection was lost while transaction ${xid} was committed, and the server does not tell whether it was: ${fault.message}`
    throw new DatabaseError({ ...fault, kind: 'commit-unknown', message })
  }

  async #rowSet(client: Client, { columns, rows }: WireResult): Promise<RowSet> {
    const types = await this.#types.of(columns, async (sql) => (await send(client, sql)).rows)
    const converters = types.map((type) => cellConverter(type.cell))
    return {
      columns: columns.map(({ name }, i): ResultColumn => ({ name, type: types[i]!.name })),
      rows: rows.map((row) => row.map((value, i) => (value === null ? null : converters[i]!(value)))),
    }
  }
}

/** Marks an error of the stream that feeds a copy, which is none of the database's. */
class SourceFailure extends Error {
  constructor(cause: unknown) {
    super('the source of a copy failed', { cause })
  }
}

/** A NUL ends the text of a message, so that the server would read half of the statement. */
function notAllowed(sql: string): DatabaseError {
  const offset = sql.indexOf('\u0000')
  return new DatabaseError({
    kind: 'syntax',
    message: 'a statement must not hold a NUL character',
    offset,
    length: 1,
    sql,
  })
}
