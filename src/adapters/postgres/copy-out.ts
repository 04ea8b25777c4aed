import type { Client } from 'pg'
import type { CopyToStreamQuery } from 'pg-copy-streams'

/**
 * A running `copy … to stdout`. The driver's stream must not be destroyed, which would leave the connection without a
 * reader; it ends only when the server does.
 */
export class CopyOut {
  readonly #stream: CopyToStreamQuery
  readonly #chunks: AsyncIterator<Buffer>
  /** The server is ready for the next statement. */
  readonly #over: Promise<void>

  constructor(client: Client, stream: CopyToStreamQuery) {
    this.#stream = stream
    this.#over = new Promise((resolve, reject) => {
      stream.once('error', reject)
      Object.assign(stream, { handleReadyForQuery: resolve })
    })
    // Looked at when the stream has ended; an error of a stream that nobody reads must not end the process.
    this.#over.catch(() => undefined)
    client.query(stream)
    this.#chunks = stream.iterator({ destroyOnReturn: false })
  }

  /** Undefined at the end, when the server has counted the rows. Raises the driver's error. */
  async next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next()
    if (done !== true) return value
    await this.#over
    return undefined
  }

  /** Reads on, without regard to what comes, until the server has ended. Raises the driver's error. */
  async abandon(): Promise<void> {
    while ((await this.next()) !== undefined);
  }

  get rowCount(): number {
    return this.#stream.rowCount
  }
}
