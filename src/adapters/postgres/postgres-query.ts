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

/**
 * One statement through the extended protocol, sent as one packet. The server refuses a text of several statements there,
 * and stops by itself after `limit` rows. The driver calls the `handle…` methods.
 */
class PostgresQuery implements Submittable {
  readonly result: Promise<WireResult>
  readonly #sql: string
  readonly #keepRows: boolean
  readonly #limit: number
  #columns: readonly WireColumn[] = []
  readonly #rows: (readonly (string | null)[])[] = []
  #tag = ''
  #resolve!: (result: WireResult) => void
  #reject!: (error: unknown) => void

  constructor(sql: string, options: { keepRows: boolean; limit?: number | undefined }) {
    this.#sql = sql
    this.#keepRows = options.keepRows
    this.#limit = options.limit ?? 0
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  readonly submit = (connection: Connection): void => {
    const wire = connection as unknown as Wire
    wire.stream.cork()
    wire.parse({ text: this.#sql })
    wire.bind({ portal: '' })
    wire.describe({ type: 'P' })
    wire.execute({ rows: this.#limit })
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map((f) => ({ name: f.name, typeOid: f.dataTypeID, modifier: f.dataTypeModifier }))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#keepRows) this.#rows.push(fields)
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tag = text
  }

  handlePortalSuspended(): void {}

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: Connection): void {
    ;(connection as unknown as Wire).sendCopyFail('copy from stdin is not possible here')
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    this.#resolve({ columns: this.#columns, rows: this.#rows, tag: this.#tag })
  }

  handleError(error: unknown): void {
    this.#reject(error)
  }
}

/** Runs one statement; raises the driver's own error. */
export function send(
  client: Client,
  sql: string,
  options: { readonly keepRows?: boolean; readonly limit?: number | undefined } = {},
): Promise<WireResult> {
  return client.query(new PostgresQuery(sql, { keepRows: options.keepRows ?? true, limit: options.limit })).result
}
