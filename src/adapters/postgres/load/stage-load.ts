import { createReadStream } from 'node:fs'
import { InternalError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import { stagedName } from '../../../sql/staged-name.ts'
import type { DuckDbConnection } from '../../duckdb/duckdb-connection.ts'
import type { AskedType, LoadSite, Reader, ReadRows, ResolvedType } from '../../duckdb/load-site.ts'
import { stageFiles } from '../../duckdb/stage-files.ts'
import { type LoadedFile, QUARANTINE_NAMES } from '../../load/load-state.ts'
import type { RefusedRows } from '../../load/refused-rows.ts'
import type { LoadRequest, StagedLoad } from '../../load.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { columnName } from './column-name.ts'
import { removeLosers } from './deduplicate.ts'
import { keepVanished } from './keep-vanished.ts'
import { readLoadedFiles } from './load-state.ts'
import { openReaderFor } from './open-reader-for.ts'
import { resolveTypes } from './resolve-types.ts'
import { stageRows } from './stage-rows.ts'
import { tableTypes } from './table-types.ts'
import { storedType } from './type-map.ts'

/** What a load needs besides its connection. */
export interface LoadIo {
  readonly connection: PostgresConnection
  /** Makes the schema and tables of the state, once. */
  ensureState(database: string): Promise<void>
}

/** Reads the new and changed files of a source into staged tables. Leaves nothing when it raises. */
export async function stageLoad(io: LoadIo, request: LoadRequest): Promise<StagedLoad> {
  if (io.connection.inTransaction) throw new InternalError('a load is staged outside transactions')
  return stageFiles(new PostgresSite(io, request), request)
}

/** Postgres, which gets the rows by COPY from a DuckDB that lives as long as the load. */
class PostgresSite implements LoadSite {
  readonly staged: RelationName
  readonly stagedQuarantine: RelationName
  readonly columnName = columnName
  readonly storedType = storedType
  readonly #io: LoadIo
  readonly #request: LoadRequest
  #folder = ''
  /** The staged tables are there for others to see. */
  #isStaged = false

  constructor(io: LoadIo, request: LoadRequest) {
    const suffix = request.runId.slice(0, 8)
    const beside = (name: RelationName) => {
      return { ...name, identifier: stagedName(name.identifier, suffix, postgresDialect.maxIdentifierBytes) }
    }
    this.staged = beside(request.target)
    this.stagedQuarantine = beside(request.quarantine)
    this.#io = io
    this.#request = request
  }

  ensureState(): Promise<void> {
    return this.#io.ensureState(this.#request.target.database)
  }

  loadedFiles(): Promise<readonly LoadedFile[]> {
    return readLoadedFiles(this.#io.connection, this.#request)
  }

  standing(): Promise<ReadonlyMap<string, string> | undefined> {
    return tableTypes(this.#io.connection, this.#request.target)
  }

  openReader(folder: string): Promise<Reader> {
    this.#folder = folder
    return openReaderFor(this.#io.connection, folder)
  }

  resolveTypes(reader: DuckDbConnection, asked: readonly AskedType[]): Promise<readonly ResolvedType[]> {
    return resolveTypes(this.#io.connection, reader, asked)
  }

  async columnsWithValues(names: readonly string[], files: readonly string[]): Promise<readonly string[]> {
    const counts = names.map((name) => `count(${quoteIdentifier(name)})`).join(', ')
    const target = postgresDialect.relation(this.#request.target)
    const { rows } = await this.#io.connection.query(
      `select ${counts} from ${target} where _file in (${files.map(quoteString).join(', ')})`,
    )
    return names.filter((_, i) => Number(rows[0]![i]) > 0)
  }

  async receive(rows: ReadRows) {
    const { connection } = this.#io
    const { rule, reload, replaced, vanished } = rows
    const { refused } = rows.staging
    await connection.begin()
    for (const name of [this.staged, this.stagedQuarantine]) {
      await connection.execute(postgresDialect.drop(name, 'table'))
    }
    const copied = await stageRows(connection, rows, this.staged, this.#folder)
    if (rule !== undefined) {
      // Without statistics the comparisons would be planned for a small table.
      await connection.execute(`analyze ${postgresDialect.relation(this.staged)}`)
    }
    const tables = { from: this.staged, winners: this.#request.target, fromIsNew: true, except: replaced }
    const lostNow = rule === undefined || reload ? 0 : await removeLosers(connection, tables, rule)
    const load = { request: this.#request, staged: this.staged }
    const lostKept = vanished === undefined ? 0 : await keepVanished(connection, load, vanished, rule)
    refused.close()
    await this.#stageQuarantine(refused)
    await connection.commit()
    this.#isStaged = true
    const lost = lostNow + lostKept
    return { accepted: copied.rows - lost, duplicates: copied.duplicates + lost }
  }

  async #stageQuarantine(refused: RefusedRows): Promise<void> {
    const { connection } = this.#io
    const table = postgresDialect.relation(this.stagedQuarantine)
    const at = ` default ${quoteString(this.#request.loadedAt)}`
    await connection.execute(`create table ${table} (${quarantineColumns(at)})`)
    if (refused.count === 0) return
    const names = QUARANTINE_NAMES.join(', ')
    await connection.copyFrom(
      `copy ${table} (${names}) from stdin (format csv, freeze, encoding 'UTF8')`,
      createReadStream(refused.path),
    )
  }

  async clean(): Promise<void> {
    const { connection } = this.#io
    await connection.rollback()
    if (!this.#isStaged) return
    for (const name of [this.staged, this.stagedQuarantine]) {
      await connection.execute(postgresDialect.drop(name, 'table'))
    }
  }
}

/** @param at what follows the type of `_loaded_at` */
export function quarantineColumns(at = ''): string {
  return `_file text, _line bigint, _column text, _reason text, _raw text, _loaded_at timestamp with time zone${at}`
}
