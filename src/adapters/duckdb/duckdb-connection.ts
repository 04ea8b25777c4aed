import type * as Driver from '@duckdb/node-api'
import { CancelledError, DatabaseError, InternalError } from '../../base/errors.ts'
import type { Cell, RowSet } from '../adapter.ts'
import { CommentSlot, type StatementComment } from '../statement-comment.ts'
import { cellConverter } from './duckdb-cell.ts'
import { duckDbFault } from './duckdb-error.ts'

export type DriverModule = typeof Driver

/** How often a running statement is interrupted again: an interrupt that comes before the engine has begun is lost. */
const INTERRUPT_EVERY_MS = 20

/**
 * One connection of the driver with the engine's traps closed: errors become `DatabaseError`, a transaction in which a
 * statement failed can only be rolled back (DuckDB's own `commit` would say yes and keep nothing), and a commit is never
 * interrupted (DuckDB would report a failure although it has happened).
 */
export class DuckDbConnection {
  readonly #driver: DriverModule
  readonly #connection: Driver.DuckDBConnection
  /** The comment that goes along with every statement. */
  readonly comment: CommentSlot
  readonly #convert: Driver.DuckDBValueConverter<Cell>
  #running: 'nothing' | 'statement' | 'commit' = 'nothing'
  #transaction: 'none' | 'open' | 'failed' = 'none'
  #cancelled = false
  /** One statement is to be interrupted, once. */
  #interrupted = false
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(driver: DriverModule, connection: Driver.DuckDBConnection, comment: StatementComment | null = null) {
    this.comment = new CommentSlot(comment)
    this.#driver = driver
    this.#connection = connection
    this.#convert = cellConverter(driver)
  }

  get inTransaction(): boolean {
    return this.#transaction !== 'none'
  }

  /** True when a statement failed in the open transaction, so that only `rollback` is left. */
  get hasFailed(): boolean {
    return this.#transaction === 'failed'
  }

  async execute(sql: string): Promise<number | null> {
    const result = await this.#guard(sql, (text) => this.#connection.run(text))
    const changes = result.returnType === this.#driver.ResultReturnType.CHANGED_ROWS
    return changes ? result.rowsChanged : null
  }

  /** With `limit`, reads at most so many rows and stops the query. */
  async query(sql: string, limit?: number): Promise<RowSet> {
    const reader = await this.#guard(sql, async (text) => {
      if (limit === undefined) return this.#connection.runAndReadAll(text)
      const partial = await this.#connection.streamAndReadUntil(text, limit)
      if (!partial.done) await this.#endStream()
      return partial
    })
    const names = reader.columnNames()
    const types = reader.columnTypes()
    const rows = reader.convertRows(this.#convert)
    return {
      columns: names.map((name, i) => ({ name, type: types[i]!.alias ?? types[i]!.toString() })),
      rows: limit === undefined ? rows : rows.slice(0, limit),
    }
  }

  /** Reads a query in blocks. The connection is taken until the last one, or until the caller wants no more. */
  async *stream(sql: string): AsyncGenerator<readonly (readonly Cell[])[]> {
    this.#enter()
    let unfinished = false
    const attempt = <T>(work: () => Promise<T>) =>
      work().catch((error: unknown) => {
        unfinished = false
        throw this.#failure(error, sql)
      })
    try {
      const result = await attempt(() => this.#connection.stream(this.comment.around(sql)))
      unfinished = true
      for (;;) {
        const chunk = await attempt(() => result.fetchChunk())
        if (chunk === null || chunk.rowCount === 0) break
        yield chunk.convertRows(this.#convert)
        // The engine has no part in a wait for the caller, and an interruption then would be lost.
        if (this.#cancelled || this.#takeInterruption()) throw new CancelledError()
      }
      unfinished = false
    } finally {
      // Interrupted or not, it is over then.
      if (unfinished) await this.#endStream().catch(() => undefined)
      this.#leave()
    }
  }

  /** An unfinished stream would keep its snapshot open; the next statement ends it. */
  async #endStream(): Promise<void> {
    await this.#connection.run('select 1')
  }

  async begin(): Promise<void> {
    if (this.inTransaction) throw new InternalError('begin inside a transaction')
    await this.#guard('begin', () => this.#connection.run('begin'))
    this.#transaction = 'open'
  }

  async commit(): Promise<void> {
    if (this.#transaction === 'none') throw new InternalError('commit without a transaction')
    if (this.#transaction === 'failed') {
      await this.rollback()
      throw new InternalError('commit after a statement failed: the transaction was rolled back')
    }
    this.#running = 'commit'
    try {
      await this.#connection.run('commit')
      this.#transaction = 'none'
    } catch (error) {
      this.#transaction = 'failed'
      throw new DatabaseError(duckDbFault(error, 'commit'))
    } finally {
      this.#running = 'nothing'
    }
  }

  /** Safe when no transaction is open; works after `cancel`, too. */
  async rollback(): Promise<void> {
    if (!this.inTransaction) return
    this.#running = 'commit'
    try {
      await this.#connection.run('rollback')
    } catch (error) {
      const fault = duckDbFault(error, 'rollback')
      // A commit that failed has already ended the transaction.
      if (!fault.message.includes('no transaction is active')) throw new DatabaseError(fault)
    } finally {
      this.#running = 'nothing'
      this.#transaction = 'none'
    }
  }

  /** Interrupts what is running, unless it is a commit; later statements raise `CancelledError` until `resume`. */
  cancel(): void {
    this.#cancelled = true
    this.#interruptRunning()
  }

  /** Interrupts what is running, unless it is a commit, or else the next statement; later ones run. */
  interrupt(): void {
    this.#interrupted = true
    this.#interruptRunning()
  }

  proceed(): void {
    this.#interrupted = false
  }

  #interruptRunning(): void {
    if (this.#running !== 'statement' || this.#timer !== undefined) return
    this.#connection.interrupt()
    this.#timer = setInterval(() => this.#connection.interrupt(), INTERRUPT_EVERY_MS)
  }

  #takeInterruption(): boolean {
    const interrupted = this.#interrupted
    this.#interrupted = false
    return interrupted
  }

  resume(): void {
    this.#cancelled = false
  }

  /** No statement may be running: the engine would fall over it, and take the process along. */
  close(): void {
    if (this.#running !== 'nothing') throw new InternalError('a connection is closed under its statement')
    this.#closed = true
    this.#connection.closeSync()
  }

  async #guard<T>(sql: string, run: (text: string) => Promise<T>): Promise<T> {
    this.#enter()
    try {
      return await run(this.comment.around(sql))
    } catch (error) {
      throw this.#failure(error, sql)
    } finally {
      this.#leave()
    }
  }

  #enter(): void {
    if (this.#cancelled || this.#takeInterruption()) throw new CancelledError()
    if (this.#closed) throw new InternalError('the connection is closed')
    if (this.#running !== 'nothing') throw new InternalError('two statements at once on one connection')
    this.#running = 'statement'
  }

  #failure(error: unknown, sql: string): CancelledError | DatabaseError {
    if (this.#transaction === 'open') this.#transaction = 'failed'
    const fault = duckDbFault(error, sql, this.comment.lead)
    const asked = fault.kind === 'interrupted' && (this.#cancelled || this.#takeInterruption())
    return asked ? new CancelledError() : new DatabaseError(fault)
  }

  #leave(): void {
    this.#running = 'nothing'
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
