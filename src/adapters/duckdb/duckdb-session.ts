import { DatabaseError, InternalError } from '../../base/errors.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { ResultColumn, RowSet, Session } from '../adapter.ts'
import type { LoadRequest, SeedRequest, StagedLoad } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

/** One connection of the pool while a caller has it. */
export class DuckDbSession implements Session {
  readonly #connection: DuckDbConnection
  readonly #give: (connection: DuckDbConnection) => void
  #released = false

  constructor(connection: DuckDbConnection, give: (connection: DuckDbConnection) => void) {
    this.#connection = connection
    this.#give = give
  }

  execute(sql: string): Promise<number | null> {
    return this.#own().execute(sql)
  }

  query(sql: string, limit?: number): Promise<RowSet> {
    return this.#own().query(sql, limit)
  }

  begin(): Promise<void> {
    return this.#own().begin()
  }

  commit(): Promise<void> {
    return this.#own().commit()
  }

  rollback(): Promise<void> {
    return this.#own().rollback()
  }

  async columnsOf(relation: RelationName): Promise<readonly ResultColumn[]> {
    try {
      return (await this.#own().query(`from ${duckDbDialect.relation(relation)} limit 0`)).columns
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      const { kind, name, offset } = error.fault
      // A view over something that is missing fails with that other name, and that is no empty relation.
      const missing = kind === 'schema-missing' || (kind === 'table-missing' && name === relation.identifier)
      if (missing && offset !== undefined) return []
      throw error
    }
  }

  stageLoad(_request: LoadRequest): Promise<StagedLoad> {
    throw new InternalError('loading is not there yet')
  }

  publishLoad(_staged: StagedLoad): Promise<void> {
    throw new InternalError('loading is not there yet')
  }

  discardLoad(_staged: StagedLoad, _options: { keepQuarantine: boolean }): Promise<void> {
    throw new InternalError('loading is not there yet')
  }

  loadSeed(_request: SeedRequest): Promise<number> {
    throw new InternalError('loading is not there yet')
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    try {
      await this.#connection.rollback()
    } finally {
      this.#give(this.#connection)
    }
  }

  #own(): DuckDbConnection {
    if (this.#released) throw new InternalError('the session was given back to the pool')
    return this.#connection
  }
}
