import { InternalError } from '../../base/errors.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { ResultColumn, RowSet, Session } from '../adapter.ts'
import type { LoadRequest, SeedRequest, SeedResult, StagedLoad } from '../load.ts'
import type { GuardedReplacement } from '../replacement.ts'
import type { TableFeatures } from '../table-features.ts'
import { columnsOf } from './catalog.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { PostgresFeatures } from './postgres-features.ts'
import { PostgresReplacement } from './replacement/postgres-replacement.ts'

/** One connection of the pool while a caller has it. */
export class PostgresSession implements Session {
  readonly #connection: PostgresConnection
  readonly #give: (connection: PostgresConnection) => void
  readonly guarded: GuardedReplacement
  readonly features: TableFeatures
  #released = false

  constructor(connection: PostgresConnection, give: (connection: PostgresConnection) => void) {
    this.#connection = connection
    this.#give = give
    this.guarded = new PostgresReplacement(connection)
    this.features = new PostgresFeatures(() => this.#own())
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

  columnsOf(relation: RelationName): Promise<readonly ResultColumn[]> {
    return columnsOf(this.#own(), relation)
  }

  stageLoad(_request: LoadRequest): Promise<StagedLoad> {
    throw new InternalError('not wired')
  }

  publishLoad(_staged: StagedLoad): Promise<void> {
    throw new InternalError('not wired')
  }

  discardLoad(_staged: StagedLoad, _options: { keepQuarantine: boolean }): Promise<void> {
    throw new InternalError('not wired')
  }

  loadSeed(_request: SeedRequest): Promise<SeedResult> {
    throw new InternalError('not wired')
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

  #own(): PostgresConnection {
    if (this.#released) throw new InternalError('the session was given back to the pool')
    return this.#connection
  }
}
