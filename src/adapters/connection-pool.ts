import { CancelledError, InternalError } from '../base/errors.ts'

/** What the pool asks of a connection. */
export interface PooledConnection {
  cancel(): void
  resume(): void
}

/**
 * Connections of a run: as many as threads, made when they are first wanted, and one more for schemas and the catalog, which
 * runs one piece of work after the other and so never waits for a free one.
 */
export class ConnectionPool<C extends PooledConnection> {
  #size: number
  readonly #connect: () => Promise<C>
  readonly #isFull: (error: unknown) => boolean
  readonly #all: C[] = []
  readonly #free: C[] = []
  readonly #waiting: { readonly resolve: (connection: C) => void; readonly reject: (error: unknown) => void }[] = []
  #pooled = 0
  #catalog: Promise<C> | undefined
  /** The tail of the queue for the catalog's connection. */
  #queue: Promise<unknown> = Promise.resolve()
  #cancelled = false
  #closed = false

  /**
   * @param options.catalog the one for the catalog, when it has been made already
   * @param options.isFull whether an error says that the server has no room for another connection: the pool then does
   *   with those that it has
   */
  constructor(
    size: number,
    connect: () => Promise<C>,
    options: { readonly catalog?: C; readonly isFull?: (error: unknown) => boolean } = {},
  ) {
    this.#size = size
    this.#connect = connect
    this.#isFull = options.isFull ?? (() => false)
    if (options.catalog === undefined) return
    this.#catalog = Promise.resolve(options.catalog)
    this.#all.push(options.catalog)
  }

  /** Every connection that has been made. */
  get connections(): readonly C[] {
    return this.#all
  }

  get isCancelled(): boolean {
    return this.#cancelled
  }

  /** Waits for a free connection. */
  async take(): Promise<C> {
    if (this.#cancelled && this.#free.length === 0 && this.#pooled === 0) throw new CancelledError()
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#pooled < this.#size) return this.#grow()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  give(connection: C): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(connection)
    else next.resolve(connection)
  }

  onCatalog<T>(work: (connection: C) => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => {
      this.#catalog ??= this.#made()
      // One that could not be made is tried again by the next who wants it.
      this.#catalog.catch(() => {
        this.#catalog = undefined
      })
      return work(await this.#catalog)
    })
    this.#queue = result.catch(() => undefined)
    return result
  }

  cancel(): void {
    this.#cancelled = true
    for (const connection of this.#all) connection.cancel()
  }

  resume(): void {
    this.#cancelled = false
    for (const connection of this.#all) connection.resume()
  }

  /** Refuses new connections and waits for the work on the catalog. The connections are the caller's to close. */
  async end(): Promise<void> {
    this.#closed = true
    await this.#queue
  }

  async #grow(): Promise<C> {
    this.#pooled++
    try {
      return await this.#made()
    } catch (error) {
      this.#pooled--
      if (this.#pooled > 0 && this.#isFull(error)) {
        this.#size = this.#pooled
        return this.take()
      }
      // Who waits for one would wait for ever when none is left to be given back.
      const next = this.#waiting.shift()
      if (next !== undefined) this.take().then(next.resolve, next.reject)
      throw error
    }
  }

  async #made(): Promise<C> {
    if (this.#closed) throw new InternalError('the database is closed')
    const connection = await this.#connect()
    if (this.#cancelled) connection.cancel()
    this.#all.push(connection)
    return connection
  }
}
