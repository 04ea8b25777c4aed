import type pg from 'pg'
import type { PostgresConnection } from '../../src/adapters/postgres/postgres-connection.ts'
import { postgresDialect } from '../../src/adapters/postgres/postgres-dialect.ts'
import { PostgresReplacement } from '../../src/adapters/postgres/replacement/postgres-replacement.ts'
import type { ReplaceMethod, Replacement, ReplaceRequest, TableStorage } from '../../src/adapters/replacement.ts'
import { DatabaseError, UserError } from '../../src/base/errors.ts'
import { stagedRelation } from '../../src/materializations/staged-relation.ts'
import type { NodeRelation } from '../../src/project/resource.ts'
import type { RelationKind, RelationName } from '../../src/sql/relation.ts'
import type { PostgresDatabase } from '../postgres-database.ts'
import { postgresConnection } from './open-postgres-target.ts'

export const plainStorage: TableStorage = {
  indexes: [],
  unlogged: false,
  fillfactor: null,
  tablespace: null,
  partitionBy: null,
}

export interface NewTable {
  /** What stands at the target; the default is a table. */
  readonly existing?: RelationKind | null
  readonly kind?: 'table' | 'materialized_view'
  readonly method?: ReplaceMethod
  readonly storage?: Partial<TableStorage>
}

/** A schema of its own, a connection as tsdbt has one, and the steps of a run in short. */
export class Replacing {
  readonly connection: PostgresConnection
  readonly replacement: PostgresReplacement
  readonly schema: string
  readonly #database: PostgresDatabase
  #made = 0

  constructor(database: PostgresDatabase, connection: PostgresConnection, schema: string) {
    this.#database = database
    this.connection = connection
    this.replacement = new PostgresReplacement(connection)
    this.schema = schema
  }

  name(identifier: string): RelationName {
    return { database: this.#database.target.dbname, schema: this.schema, identifier }
  }

  /** Makes the staged relation by a query and the request for it. */
  async stage(identifier: string, query: string, options: NewTable = {}): Promise<ReplaceRequest> {
    const { kind = 'table', existing = 'table', method = 'auto', storage = {} } = options
    const suffix = (++this.#made).toString(16).padStart(8, '0')
    const staged = this.name(stagedIdentifier(this.name(identifier), suffix))
    const word = kind === 'table' ? 'table' : 'materialized view'
    await this.connection.execute(`create ${word} "${this.schema}"."${staged.identifier}" as ${query}`)
    const target = this.name(identifier)
    return { target, staged, existing, kind, method, storage: { ...plainStorage, ...storage } }
  }

  async publish(replacement: Replacement): Promise<void> {
    await this.connection.begin()
    try {
      await this.replacement.publishReplacement(replacement)
      await this.connection.commit()
    } catch (error) {
      await this.connection.rollback()
      throw error
    }
  }

  /** All steps. */
  async replace(identifier: string, query: string, options: NewTable = {}): Promise<Replacement> {
    const replacement = await this.replacement.prepareReplacement(await this.stage(identifier, query, options))
    await this.publish(replacement)
    return replacement
  }

  replaceView(identifier: string, query: string, existing: RelationKind | null = 'view'): Promise<void> {
    return this.replacement.replaceView({
      target: this.name(identifier),
      sql: { text: query, segments: [] },
      existing,
    })
  }

  /** Runs statements as the database's administrator; the rows of the last one. */
  sql(text: string): Promise<readonly { readonly [column: string]: unknown }[]> {
    return this.#database.sql(`set search_path to "${this.schema}", public; ${text}`)
  }

  connect(): Promise<pg.Client> {
    return this.#database.connect()
  }
}

function stagedIdentifier(target: RelationName, suffix: string): string {
  return stagedRelation(target as NodeRelation, suffix, postgresDialect).identifier
}

let schemas = 0

/** @param role whom tsdbt works as; the schema belongs to it */
export async function replacing(database: PostgresDatabase, role: string | null = null): Promise<Replacing> {
  const schema = `s${++schemas}`
  const owner = role === null ? '' : ` authorization "${role}"`
  await database.sql(`create schema ${schema}${owner}`)
  const target = { ...database.target, ...(role === null ? {} : { user: role }) }
  const connection = await postgresConnection(target)
  return new Replacing(database, connection, schema)
}

/** What a refusal says. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof UserError) return error.message
    if (error instanceof DatabaseError) return `${error.fault.kind}: ${error.fault.message}`
    throw error
  }
  throw new Error('it was not refused')
}
