import { InternalError } from '../../base/errors.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { ResultColumn, RowSet, Session } from '../adapter.ts'
import type { TableConstraints } from '../constraints.ts'
import type { Extraction } from '../extraction.ts'
import type { LoadRequest, SeedRequest, SeedResult, StagedLoad } from '../load.ts'
import type { ReaderSchema } from '../reader-schema.ts'
import type { GuardedReplacement } from '../replacement.ts'
import type { StatementComment } from '../statement-comment.ts'
import type { TableFeatures } from '../table-features.ts'
import { columnsOf } from './catalog.ts'
import { PostgresExtraction } from './extract/postgres-extraction.ts'
import { loadSeed } from './load/load-seed.ts'
import { discardLoad, publishLoad } from './load/publish-load.ts'
import { stageLoad } from './load/stage-load.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { PostgresConstraints } from './postgres-constraints.ts'
import { PostgresFeatures } from './postgres-features.ts'
import { PostgresReaders } from './postgres-readers.ts'
import { PostgresReplacement } from './replacement/postgres-replacement.ts'

/** One connection of the pool while a caller has it. */
export class PostgresSession implements Session {
  readonly #connection: PostgresConnection
  readonly #give: (connection: PostgresConnection) => void
  readonly #ensureState: (database: string) => Promise<void>
  readonly guarded: GuardedReplacement
  readonly constraints: TableConstraints
  readonly extraction: Extraction
  readonly readers: ReaderSchema
  readonly features: TableFeatures
  #released = false

  constructor(
    connection: PostgresConnection,
    owner: { give: (connection: PostgresConnection) => void; ensureState: (database: string) => Promise<void> },
  ) {
    this.#connection = connection
    this.#give = owner.give
    this.#ensureState = owner.ensureState
    this.guarded = new PostgresReplacement(connection)
    this.constraints = new PostgresConstraints(() => this.#own())
    this.extraction = new PostgresExtraction(() => this.#own())
    this.readers = new PostgresReaders(() => this.#own())
    this.features = new PostgresFeatures(() => this.#own())
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

  queryApart(sql: string, limit?: number): Promise<RowSet> {
    return this.#own().queryApart(sql, limit)
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

  savepoint<T>(work: () => Promise<T>): Promise<T> {
    return this.#own().savepoint(work)
  }

  columnsOf(relation: RelationName): Promise<readonly ResultColumn[]> {
    return columnsOf(this.#own(), relation)
  }

  stageLoad(request: LoadRequest): Promise<StagedLoad> {
    return stageLoad({ connection: this.#own(), ensureState: this.#ensureState }, request)
  }

  publishLoad(staged: StagedLoad): Promise<void> {
    return publishLoad(this.#own(), this.guarded, staged)
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

  #own(): PostgresConnection {
    if (this.#released) throw new InternalError('the session was given back to the pool')
    return this.#connection
  }
}
