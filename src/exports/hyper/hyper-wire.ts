import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { CancelledError } from '../../base/errors.ts'
import { explainHyperFault } from './hyper-fault.ts'
import { HYPER_PORT, HYPER_USER, type HyperServer } from './hyper-server.ts'
import type { HyperConnection, HyperFile } from './hyper-service.ts'
import { createDatabase, detachDatabase } from './hyper-sql.ts'

const CHUNK_BYTES = 1 << 20
const asText = { getTypeParser: () => (value: unknown) => String(value) }

/** A connection to one file of a server; makes the file first when that is wanted. */
export async function openHyperFile(server: HyperServer, file: HyperFile): Promise<HyperConnection> {
  const { path, shown = path, create, signal } = file
  if (create !== undefined) {
    const maker = await HyperWire.open(server, { shown, database: '', signal })
    try {
      await maker.execute(createDatabase(path, create))
    } finally {
      await maker.close()
    }
  }
  return HyperWire.open(server, { shown, database: path, signal })
}

interface Place {
  readonly shown: string
  /** Empty: none is attached. */
  readonly database: string
  readonly signal: AbortSignal | undefined
}

/** One connection over Postgres' protocol, which Hyper speaks without parameters. */
class HyperWire implements HyperConnection {
  readonly #client: Client
  readonly #server: HyperServer
  readonly #place: Place
  readonly #stop: () => void
  #broken = false

  private constructor(client: Client, server: HyperServer, place: Place) {
    this.#client = client
    this.#server = server
    this.#place = place
    this.#stop = () => destroy(client)
    place.signal?.addEventListener('abort', this.#stop, { once: true })
  }

  static async open(server: HyperServer, place: Place): Promise<HyperWire> {
    if (place.signal?.aborted === true) throw new CancelledError()
    const { default: pg } = await import('pg')
    const client = new pg.Client({
      host: server.folder,
      port: HYPER_PORT,
      user: HYPER_USER,
      // What the driver would else take from the environment, the home folder included, is nothing to this server.
      password: () => '',
      ssl: false,
      sslnegotiation: 'postgres',
      ...(server.pipe === null ? {} : { stream: () => pipeSocket(server.pipe!) }),
    } as ConstructorParameters<typeof pg.Client>[0])
    const database = place.database === '' ? {} : { database: place.database }
    Object.assign(client, { getStartupConf: () => ({ user: HYPER_USER, ...database }) })
    // Without a listener, a connection that is lost while nothing runs would end the process.
    client.on('error', () => undefined)
    const wire = new HyperWire(client, server, place)
    await wire.#explained(() => client.connect())
    // Doubles with all their digits.
    await wire.execute('set extra_float_digits = 3')
    return wire
  }

  async execute(sql: string): Promise<void> {
    await this.#explained(() => this.#client.query(sql))
  }

  async query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const result = await this.#explained(() =>
      this.#client.query<(string | null)[]>({ text: sql, rowMode: 'array', types: asText }),
    )
    return result.rows
  }

  async copyFrom(sql: string, rows: NodeJS.ReadableStream): Promise<number> {
    // A bundle hands a CommonJS package over as `default` alone.
    const { default: copy } = await import('pg-copy-streams')
    return this.#explained(async () => {
      const sink = this.#client.query(copy.from(sql, { highWaterMark: CHUNK_BYTES }))
      await pipeline(rows, sink as Writable)
      return sink.rowCount
    })
  }

  async close(): Promise<void> {
    const { signal, database } = this.#place
    signal?.removeEventListener('abort', this.#stop)
    if (this.#broken || this.#server.ending !== null || signal?.aborted === true) {
      destroy(this.#client)
      return
    }
    try {
      // Else the server lets go of the file some time after the connection has ended.
      if (database !== '') await this.execute(detachDatabase(database))
    } finally {
      await this.#client.end().catch(() => destroy(this.#client))
    }
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    const { signal, shown } = this.#place
    try {
      return await work()
    } catch (error) {
      this.#broken = true
      if (signal?.aborted === true) throw new CancelledError()
      throw await explainHyperFault(error, shown, this.#server)
    }
  }
}

function destroy(client: Client): void {
  ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
}

/** A named pipe of Windows: the driver knows hosts and ports only. */
function pipeSocket(name: string): Socket {
  const socket = new Socket()
  const open = socket.connect.bind(socket)
  return Object.assign(socket, { connect: () => open(`\\\\.\\pipe\\${name}`) })
}
