import { CancelledError, DatabaseError, type DatabaseFault, UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import type { MadeName, RelationName } from '../../sql/relation.ts'
import { isStagedName } from '../../sql/staged-name.ts'
import type { Adapter, Capabilities, Dependant, ExistingRelation, Session } from '../adapter.ts'
import { ConnectionPool } from '../connection-pool.ts'
import { otherDatabase } from '../errors.ts'
import type { LiveConnection } from '../live-connection.ts'
import type { RelationDetails } from '../relation-details.ts'
import { existingSchemas, functionsOf, relationsOf, temporarySchema } from './catalog.ts'
import { dropStrays } from './clean-strays.ts'
import { dependantsOf } from './dependants.ts'
import { detailsOf } from './details.ts'
import { explainLock } from './explain-lock.ts'
import { explainMissing, isMissingRelation } from './explain-missing.ts'
import { createLoadState } from './load/load-state.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { postgresFault } from './postgres-error.ts'
import type { PostgresLink } from './postgres-link.ts'
import { PostgresSession } from './postgres-session.ts'
import { retryAfter } from './retry-after.ts'
import { dropStrayFunctions } from './stray-functions.ts'
import type { TargetLock } from './target-lock.ts'

interface Opened {
  readonly link: PostgresLink
  readonly live: LiveConnection
  /** The connection that opening has made; schemas and the catalog go over it. */
  readonly first: PostgresConnection
  readonly lock: TargetLock
  readonly database: string
  readonly threads: number
  readonly retries: number
  readonly span: Span | undefined
  /** After the last connection is closed. */
  close(): Promise<void>
}

type SchemaName = { readonly database: string; readonly schema: string }

/** An open Postgres database: a pool of connections, one for schemas and the catalog, and one that holds the run's locks. */
export class PostgresAdapter implements Adapter {
  readonly type = 'postgres'
  readonly dialect = postgresDialect
  readonly version: string
  readonly capabilities: Capabilities
  readonly live: LiveConnection
  readonly #opened: Opened
  readonly #pool: ConnectionPool<PostgresConnection>
  #state: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(opened: Opened) {
    const { serverVersion } = opened.first
    this.version = `${Math.floor(serverVersion / 10_000)}.${serverVersion % 10_000}`
    this.capabilities = {
      transactionalDdl: true,
      merge: serverVersion >= 150_000,
      guardedReplace: true,
      grants: true,
      tableStorage: true,
      materializedViews: true,
    }
    this.live = opened.live
    this.#opened = opened
    this.#pool = new ConnectionPool(opened.threads, () => this.#connect(), { catalog: opened.first, isFull })
  }

  async acquire(): Promise<Session> {
    return new PostgresSession(await this.#pool.take(), {
      give: (connection) => this.#pool.give(connection),
      ensureState: (database) => this.#ensureState(database),
    })
  }

  /** Relations of other databases are out of reach: there are none. */
  async relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    const { database } = this.#opened
    const here = schemas.filter((s) => s.database === database).map((s) => s.schema)
    return this.#pool.onCatalog((connection) => relationsOf(connection, database, here))
  }

  details(relations: readonly RelationName[]): Promise<readonly RelationDetails[]> {
    const { database } = this.#opened
    const here = relations.filter((r) => r.database === database)
    return this.#pool.onCatalog((connection) => detailsOf(connection, database, here))
  }

  functions(schemas: readonly SchemaName[]): Promise<readonly RelationName[]> {
    const { database } = this.#opened
    const here = schemas.filter((s) => s.database === database).map((s) => s.schema)
    return this.#pool.onCatalog((connection) => functionsOf(connection, database, here))
  }

  async databases(): Promise<readonly string[]> {
    return [this.#opened.database]
  }

  dependants(of: readonly MadeName[]): Promise<readonly Dependant[]> {
    const { database } = this.#opened
    const here = of.filter(({ name }) => name.database === database)
    return this.#pool.onCatalog((connection) => dependantsOf(connection, database, here))
  }

  /** Only those that are missing: `create schema if not exists` asks for the right to create one that exists. */
  async createSchemas(schemas: readonly SchemaName[]): Promise<void> {
    const { database, span } = this.#opened
    const foreign = schemas.filter((s) => s.database !== database)
    if (foreign.length > 0)
      throw new UserError(
        foreign.map((s) => otherDatabase({ ...s, target: database }, span === undefined ? {} : { span })),
      )
    const names = [...new Set(schemas.map((s) => s.schema))]
    await this.#pool.onCatalog(async (connection) => {
      const known = await existingSchemas(connection, names)
      for (const schema of names) if (!known.has(schema)) await createSchema(connection, database, schema)
    })
  }

  async cleanStrays(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    await this.#opened.lock.announce()
    const strays = (await this.relations(schemas)).filter((r) => isStagedName(r.name.identifier))
    return this.#pool.onCatalog(async (connection) => {
      const dropped = strays.length === 0 ? [] : await dropStrays(connection, strays)
      await dropStrayFunctions(connection, schemas)
      return dropped
    })
  }

  hold({ database, schema }: SchemaName): Promise<void> {
    return this.#opened.lock.hold(database, schema)
  }

  retryAfter(fault: DatabaseFault, attempt: number): number | null {
    if (this.#opened.lock.isLost) return null
    return retryAfter(fault, attempt, { connectionRetries: this.#opened.retries, random: Math.random })
  }

  /** Tables of the session: they need no right on any schema, and nobody else can wait for them. */
  scratch(database: string): SchemaName {
    return { database, schema: temporarySchema }
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
    await Promise.all(this.#pool.connections.map((connection) => connection.close()))
    // Last: until here this run may write to its target.
    await this.#opened.lock.close()
    await this.#opened.close()
  }

  #ensureState(database: string): Promise<void> {
    if (this.#state === undefined) {
      this.#state = this.#pool.onCatalog((connection) => createLoadState(connection, database))
      this.#state.catch(() => {
        this.#state = undefined
      })
    }
    return this.#state
  }

  async #explain(fault: DatabaseFault): Promise<DatabaseFault> {
    const isLock = fault.kind === 'lock-timeout'
    if (!isLock && !isMissingRelation(fault)) return fault
    const own = this.#pool.connections.map((connection) => connection.processId)
    try {
      return await this.#pool.onCatalog((connection) =>
        isLock ? explainLock(connection, fault, own) : explainMissing(connection, fault),
      )
    } catch (error) {
      // The mistake is worth more than why nothing could be added to it.
      if (error instanceof DatabaseError || error instanceof CancelledError) return fault
      throw error
    }
  }

  async #connect(): Promise<PostgresConnection> {
    try {
      return await PostgresConnection.open({ ...this.#opened.link, explain: (fault) => this.#explain(fault) })
    } catch (error) {
      throw new DatabaseError(postgresFault(error))
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DatabaseError && error.fault.kind === 'too-many-connections'
}

async function createSchema(connection: PostgresConnection, database: string, schema: string): Promise<void> {
  try {
    await connection.execute(postgresDialect.createSchema(database, schema))
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    // Another run has made it between the question and the answer.
    if ((await existingSchemas(connection, [schema])).has(schema)) return
    const message = `schema "${schema}" cannot be made: ${error.fault.message}`
    throw new DatabaseError({ ...error.fault, message })
  }
}
