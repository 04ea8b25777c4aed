import { DatabaseError, InternalError } from '../../base/errors.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { ResultColumn, RowSet, Session } from '../adapter.ts'
import type { TableConstraints } from '../constraints.ts'
import type { Extraction } from '../extraction.ts'
import type { LoadRequest, SeedRequest, SeedResult, StagedLoad } from '../load.ts'
import type { ReaderSchema } from '../reader-schema.ts'
import type { StatementComment } from '../statement-comment.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { DuckDbConstraints } from './duckdb-constraints.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { DuckDbReaders } from './duckdb-readers.ts'
import { DuckDbExtraction } from './extract/duckdb-extraction.ts'
import { loadSeed } from './load-seed.ts'
import { discardLoad, publishLoad } from './publish-load.ts'
import { stageLoad } from './stage-load.ts'

/** One connection of the pool while a caller has it. */
export class DuckDbSession implements Session {
  readonly #connection: DuckDbConnection
  readonly #give: (connection: DuckDbConnection) => void
  readonly #ensureState: (database: string) => Promise<void>
  readonly constraints: TableConstraints
  readonly extraction: Extraction
  readonly readers: ReaderSchema
  #released = false

  constructor(
    connection: DuckDbConnection,
    owner: { give: (connection: DuckDbConnection) => void; ensureState: (database: string) => Promise<void> },
  ) {
    this.#connection = connection
    this.#give = owner.give
    this.#ensureState = owner.ensureState
    this.constraints = new DuckDbConstraints(() => this.#own())
    this.extraction = new DuckDbExtraction(() => this.#own())
    this.readers = new DuckDbReaders(() => this.#own())
  }

  annotate(comment: StatementComment | null): void {
    this.#own().comment.set(comment)
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

  stageLoad(request: LoadRequest): Promise<StagedLoad> {
    return stageLoad({ connection: this.#own(), ensureState: this.#ensureState }, request)
  }

  publishLoad(staged: StagedLoad): Promise<void> {
    return publishLoad(this.#own(), staged)
  }

  discardLoad(staged: StagedLoad, options: { keepQuarantine: boolean }): Promise<void> {
    return discardLoad(this.#own(), staged, options)
  }

  loadSeed(request: SeedRequest): Promise<SeedResult> {
    return loadSeed(this.#own(), request)
  }

  interrupt(): void {
    this.#own().interrupt()
  }

  proceed(): void {
    this.#own().proceed()
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    this.#connection.comment.set(null)
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
