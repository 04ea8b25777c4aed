import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** An empty database of its own on the server of the run. */
export interface PostgresDatabase {
  /** What a target in `profiles.yml` says to reach it. */
  readonly target: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly dbname: string
    readonly schema: string
  }
  /** Runs statements beside tsdbt; the rows of the last one, as objects. */
  sql(text: string): Promise<readonly { readonly [column: string]: unknown }[]>
  /** A connection of its own, for locks and transactions beside tsdbt; ended by `drop` when the test does not. */
  connect(): Promise<pg.Client>
  drop(): Promise<void>
}

/** Makes a database; about 40 ms, so one a spec file where the tests do not disturb each other. */
export async function postgresDatabase(): Promise<PostgresDatabase> {
  const server = inject('postgres')
  const dbname = `spec_${randomBytes(6).toString('hex')}`
  const clients: pg.Client[] = []
  const open = async (database: string) => {
    const client = new pg.Client({ ...server, database })
    // Being thrown out is for the statement that runs to tell, not for the process.
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const asServer = async (text: string) => {
    const client = await open('postgres')
    try {
      await client.query(text)
    } finally {
      await client.end()
    }
  }
  await asServer(`create database ${dbname} strategy wal_log`)
  const connect = async () => {
    const client = await open(dbname)
    clients.push(client)
    return client
  }
  let beside: Promise<pg.Client> | undefined
  return {
    target: { ...server, dbname, schema: 'public' },
    async sql(text) {
      beside ??= connect()
      const result = (await (await beside).query(text)) as pg.QueryResult | pg.QueryResult[]
      return (Array.isArray(result) ? result.at(-1)! : result).rows
    },
    connect,
    async drop() {
      await Promise.all(clients.map((client) => client.end()))
      await asServer(`drop database if exists ${dbname} with (force)`)
    },
  }
}
