import type { Client, Connection, Submittable } from 'pg'

/** A column as the server announces it. */
export interface WireColumn {
  readonly name: string
  readonly typeOid: number
  /** Packed length, precision or scale; -1 for none. */
  readonly modifier: number
}

export interface WireResult {
  readonly columns: readonly WireColumn[]
  /** Values in the server's own text. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** What the server said it did: `INSERT 0 5`; empty when a limit stopped the statement. */
  readonly tag: string
}

interface RowDescription {
  readonly fields: readonly {
    readonly name: string
    readonly dataTypeID: number
    readonly dataTypeModifier: number
  }[]
}

/** The parts of the driver's connection that its type declarations get wrong or leave out. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void }
  parse(message: { text: string }): void
  bind(message: { portal: string }): void
  describe(message: { type: 'P' }): void
  execute(message: { rows: number }): void
  sync(): void
  sendCopyFail(message: string): void
}

interface Options {
  /** `last`: of the last statement only. */
  readonly keepRows?: boolean | 'last'
  readonly limit?: number | undefined
}

/**
 * Statements through the extended protocol, sent as one packet, so that they take one round trip together. The server
 * refuses a text of several statements there, skips all statements after one that fails, and stops by itself after
 * `limit` rows. The driver calls the `handle…` methods.
 */
class PostgresQuery implements Submittable {
  readonly results: Promise<readonly WireResult[]>
  readonly #statements: readonly string[]
  readonly #keepRows: boolean | 'last'
  readonly #limit: number
  readonly #results: WireResult[] = []
  #columns: readonly WireColumn[] = []
  #rows: (readonly (string | null)[])[] = []
  #resolve!: (results: readonly WireResult[]) => void
  #reject!: (error: unknown) => void

  constructor(statements: readonly string[], { keepRows = true, limit = 0 }: Options) {
    this.#statements = statements
    this.#keepRows = keepRows
    this.#limit = limit
    this.results = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  readonly submit = (connection: Connection): void => {
    const wire = connection as unknown as Wire
    wire.stream.cork()
    for (const text of this.#statements) {
      wire.parse({ text })
      wire.bind({ portal: '' })
      wire.describe({ type: 'P' })
      wire.execute({ rows: this.#limit })
    }
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map((f) => ({ name: f.name, typeOid: f.dataTypeID, modifier: f.dataTypeModifier }))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const isLast = this.#results.length === this.#statements.length - 1
    if (this.#keepRows === 'last' ? isLast : this.#keepRows) this.#rows.push(fields)
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#end(text)
  }

  /** The limit is reached. */
  handlePortalSuspended(): void {
    this.#end('')
  }

  #end(tag: string): void {
    this.#results.push({ columns: this.#columns, rows: this.#rows, tag })
    this.#columns = []
    this.#rows = []
  }

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: Connection): void {
    ;(connection as unknown as Wire).sendCopyFail('copy from stdin is not possible here')
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    this.#resolve(this.#results)
  }

  handleError(error: unknown): void {
    this.#reject(error)
  }
}

/** Runs one statement; raises the driver's own error. */
export async function send(client: Client, sql: string, options: Options = {}): Promise<WireResult> {
  const [result] = await sendAll(client, [sql], options)
  return result ?? { columns: [], rows: [], tag: '' }
}

/** Runs statements one after the other in one round trip, up to the first that fails: its error is raised. */
export function sendAll(
  client: Client,
  statements: readonly string[],
  options: Options = {},
): Promise<readonly WireResult[]> {
  return client.query(new PostgresQuery(statements, options)).results
}
