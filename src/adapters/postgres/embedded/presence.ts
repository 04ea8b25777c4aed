import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { SERVER_USER } from './cluster.ts'

/** Held, shared, by every process that uses the server; who gets it alone is the last one. In the database `postgres`. */
const PRESENCE = '8390876208574325876'
const PATIENCE_MS = 1000
const POLL_MS = 20

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly password: string | undefined
}

/** The part that this process has in a running server; it ends with the process, however that ends. */
export class Presence {
  readonly #client: Client
  /** The connection is gone, or will be. */
  #over = false

  private constructor(client: Client) {
    this.#client = client
    client.on('error', () => {
      this.#over = true
    })
  }

  /** Null while the last of the others is stopping the server. */
  static async enter({ host, port, password }: Address): Promise<Presence | null> {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ host, port, password, user: SERVER_USER, database: 'postgres', ssl: false })
    const presence = new Presence(client)
    await client.connect()
    if (await presence.#ask(`select pg_try_advisory_lock_shared(${PRESENCE}) as answer`)) return presence
    await client.end()
    return null
  }

  async makeDatabase(name: string): Promise<void> {
    const { rowCount } = await this.#client.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    try {
      await this.#client.query(`create database ${this.#client.escapeIdentifier(name)}`)
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof Error && 'code' in error && /^(42P04|23505)$/.test(String(error.code)))) throw error
    }
  }

  /** Calls `stop` when nobody else uses the server, no `psql` either; those who come meanwhile wait until it is down. */
  async leave(stop: () => Promise<void>): Promise<void> {
    if (this.#over) return
    try {
      await this.#client.query(`select pg_advisory_unlock_shared(${PRESENCE})`)
      if (!(await this.#ask(`select pg_try_advisory_lock(${PRESENCE}) as answer`))) return
      // Connections that were closed just now take a moment to be gone.
      for (const deadline = Date.now() + PATIENCE_MS; await this.#othersAreThere(); await delay(POLL_MS)) {
        if (Date.now() > deadline) return
      }
      await stop()
    } catch (error) {
      if (!this.#over) throw error
    } finally {
      this.#over = true
      await this.#client.end().catch(() => {})
    }
  }

  #othersAreThere(): Promise<boolean> {
    return this.#ask(
      `select exists (select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as answer`,
    )
  }

  async #ask(sql: string): Promise<boolean> {
    return (await this.#client.query<{ answer: boolean }>(sql)).rows[0]!.answer
  }
}
