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
  /** Drops every schema and makes an empty `public`: about a millisecond. */
  reset(): Promise<void>
  drop(): Promise<void>
}

/** Takes a database that another spec has emptied and left, as making one takes a tenth of a second. */
const TAKE = `delete from free_database
  where name = (select name from free_database limit 1 for update skip locked) returning name`
const DROP_SCHEMAS = `do $$
  declare name text;
  begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', name);
    end loop;
  end $$;
  create schema public;
  grant usage on schema public to public`
/** What outlives the schemas: a database with any of it is not left to another spec. */
const TRACES = `select
  exists (select from pg_default_acl)
  or exists (select from pg_extension where extname <> 'plpgsql')
  or exists (select from pg_event_trigger)
  or exists (select from pg_publication)
  or exists (select from pg_foreign_server)
  or exists (select from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database()))
  or exists (select from pg_database where datname = current_database() and datacl is not null)
  or exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as traces`

function address(): { readonly host: string; readonly port: number; readonly user: string } {
  const { host, port, user } = inject('postgres')
  return { host, port, user }
}

async function open(database: string): Promise<pg.Client> {
  const client = new pg.Client({ ...address(), database })
  // Being thrown out is for the statement that runs to tell, not for the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Takes an empty database, one for each spec file where its tests do not disturb each other. */
export async function postgresDatabase(): Promise<PostgresDatabase> {
  const dbname = await takeDatabase()
  const beside = await open(dbname)
  const clients: pg.Client[] = []
  const query = async (text: string) => {
    const result = (await beside.query(text)) as pg.QueryResult | pg.QueryResult[]
    return (Array.isArray(result) ? result.at(-1)! : result).rows
  }
  return {
    target: { ...address(), dbname, schema: 'public' },
    sql: query,
    async connect() {
      const client = await open(dbname)
      clients.push(client)
      return client
    },
    async reset() {
      await query(DROP_SCHEMAS)
    },
    async drop() {
      await Promise.all(clients.map((client) => client.end()))
      await query(DROP_SCHEMAS)
      const [found] = await query(TRACES)
      await beside.end()
      await giveBack(dbname, found.traces)
    },
  }
}

async function takeDatabase(): Promise<string> {
  const server = await open('postgres')
  try {
    const name = `spec_${randomBytes(6).toString('hex')}`
    const { rows } = await server.query<{ name: string }>(TAKE)
    if (rows[0] !== undefined) return rows[0].name
    await server.query(`create database ${name}`)
    return name
  } finally {
    await server.end()
  }
}

async function giveBack(name: string, traces: boolean): Promise<void> {
  const server = await open('postgres')
  try {
    if (traces) await server.query(`drop database if exists ${name} with (force)`)
    else await server.query('insert into free_database values ($1)', [name])
  } finally {
    await server.end()
  }
}
