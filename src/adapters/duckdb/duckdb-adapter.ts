import type * as Driver from '@duckdb/node-api'
import { DatabaseError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { MadeName, RelationKind, RelationName } from '../../sql/relation.ts'
import { isStagedName } from '../../sql/staged-name.ts'
import type { Adapter, Capabilities, Dependant, ExistingRelation, Session } from '../adapter.ts'
import { ConnectionPool } from '../connection-pool.ts'
import type { RelationDetails } from '../relation-details.ts'
import type { StatementComment } from '../statement-comment.ts'
import { dependantsOf } from './dependants.ts'
import { detailsOf } from './details.ts'
import { type DriverModule, DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { DuckDbSession } from './duckdb-session.ts'
import { createLoadState } from './load-state.ts'

interface Opened {
  readonly driver: DriverModule
  readonly instance: Driver.DuckDBInstance
  readonly threads: number
  /** Statements that every new connection starts with. */
  readonly perConnection: readonly string[]
  /** Goes along with statements of no node. */
  readonly comment: StatementComment | null
  close(): void
}

type SchemaName = { readonly database: string; readonly schema: string }

/** An open DuckDB database: a pool of connections, and one more for schemas and the catalog. */
export class DuckDbAdapter implements Adapter {
  readonly type = 'duckdb'
  readonly dialect = duckDbDialect
  readonly capabilities: Capabilities = {
    transactionalDdl: true,
    merge: true,
    viewsBindByName: true,
    replaceTable: true,
    ignoresCase: true,
    attachesDatabases: true,
  }
  readonly #opened: Opened
  readonly #pool: ConnectionPool<DuckDbConnection>
  readonly #states = new Map<string, Promise<void>>()
  #closing: Promise<void> | undefined

  constructor(opened: Opened) {
    this.#opened = opened
    this.#pool = new ConnectionPool(opened.threads, () => this.#connect())
  }

  async acquire(): Promise<Session> {
    return new DuckDbSession(await this.#pool.take(), {
      give: (connection) => this.#pool.give(connection),
      ensureState: (database) => this.#ensureState(database),
    })
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    if (schemas.length === 0) return []
    const wanted = schemas.map((s) => `(lower(${quoteString(s.database)}), lower(${quoteString(s.schema)}))`).join(', ')
    const inSchemas = `(lower(database_name), lower(schema_name)) in (${wanted})`
    const { rows } = await this.#pool.onCatalog((connection) =>
      connection.query(
        `select database_name, schema_name, table_name, 'table' from duckdb_tables() where ${inSchemas}
union all select database_name, schema_name, view_name, 'view' from duckdb_views() where not internal and ${inSchemas}
order by 1, 2, 3`,
      ),
    )
    return rows.map(([database, schema, identifier, kind]) => ({
      name: { database: String(database), schema: String(schema), identifier: String(identifier) },
      kind: kind as RelationKind,
    }))
  }

  details(relations: readonly RelationName[]): Promise<readonly RelationDetails[]> {
    return this.#pool.onCatalog((connection) => detailsOf(connection, relations))
  }

  async functions(schemas: readonly SchemaName[]): Promise<readonly RelationName[]> {
    const wanted = schemas.map((s) => `(lower(${quoteString(s.database)}), lower(${quoteString(s.schema)}))`).join(', ')
    const sql = `select distinct database_name, schema_name, function_name from duckdb_functions()
where not internal and (lower(database_name), lower(schema_name)) in (${wanted})`
    const { rows } = await this.#pool.onCatalog((connection) => connection.query(sql))
    return rows.map(([database, schema, name]) => ({
      database: String(database),
      schema: String(schema),
      identifier: String(name),
    }))
  }

  async databases(): Promise<readonly string[]> {
    const sql = 'select database_name from duckdb_databases() where not internal'
    const { rows } = await this.#pool.onCatalog((connection) => connection.query(sql))
    return rows.map(([name]) => String(name))
  }

  dependants(of: readonly MadeName[]): Promise<readonly Dependant[]> {
    return this.#pool.onCatalog((connection) => dependantsOf(connection, of))
  }

  async createSchemas(schemas: readonly SchemaName[]): Promise<void> {
    await this.#pool.onCatalog(async (connection) => {
      const { rows } = await connection.query('select database_name, schema_name from duckdb_schemas()')
      const key = (database: string, schema: string) => `${database}\u0000${schema}`.toLowerCase()
      const known = new Set(rows.map(([database, schema]) => key(String(database), String(schema))))
      for (const { database, schema } of schemas) {
        if (known.has(key(database, schema))) continue
        await connection.execute(duckDbDialect.createSchema(database, schema))
        known.add(key(database, schema))
      }
    })
  }

  async cleanStrays(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    const strays = (await this.relations(schemas)).filter((r) => isStagedName(r.name.identifier))
    // Views first: nothing then depends on a table that goes.
    const ordered = [...strays].sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'view' ? -1 : 1))
    await this.#pool.onCatalog(async (connection) => {
      for (const { name, kind } of ordered) await connection.execute(duckDbDialect.drop(name, kind))
    })
    return ordered
  }

  scratch(database: string): SchemaName {
    return { database, schema: 'main' }
  }

  cancel(): void {
    this.#pool.cancel()
  }

  resume(): void {
    this.#pool.resume()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#pool.end()
    await this.#writeCheckpoint()
    for (const connection of this.#pool.connections) connection.close()
    this.#opened.close()
  }

  /** Closing writes the checkpoint as well, but blocks the process meanwhile; here other work goes on. */
  async #writeCheckpoint(): Promise<void> {
    const [connection] = this.#pool.connections
    if (connection === undefined || this.#pool.isCancelled) return
    try {
      await connection.execute('checkpoint')
    } catch (error) {
      // Refused while a transaction is open, or on a database that is only read: closing does what is left to do.
      if (!(error instanceof DatabaseError)) throw error
    }
  }

  async #connect(): Promise<DuckDbConnection> {
    const raw = await this.#opened.instance.connect()
    for (const statement of this.#opened.perConnection) await raw.run(statement)
    return new DuckDbConnection(this.#opened.driver, raw, this.#opened.comment)
  }

  /** Two connections that make the same schema at once would conflict, so the catalog's connection does it, once. */
  #ensureState(database: string): Promise<void> {
    let made = this.#states.get(database)
    if (made === undefined) {
      made = this.#pool.onCatalog((connection) => createLoadState(connection, database))
      made.catch(() => this.#states.delete(database))
      this.#states.set(database, made)
    }
    return made
  }
}
