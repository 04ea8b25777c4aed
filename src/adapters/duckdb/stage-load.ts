import { InternalError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import { stagedName } from '../../sql/staged-name.ts'
import type { LoadedFile } from '../load/load-state.ts'
import type { LoadRequest, StagedLoad } from '../load.ts'
import { removeDuplicates, removeLosers } from './deduplicate.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { keepVanished } from './keep-vanished.ts'
import type { LoadSite, Reader, ReadRows } from './load-site.ts'
import { readWrittenRows, type Staging } from './load-staging.ts'
import { readLoadedFiles } from './load-state.ts'
import { stageFiles } from './stage-files.ts'
import { resolveOwnTypes } from './table-columns.ts'

/** What a load needs besides its connection. */
export interface LoadIo {
  readonly connection: DuckDbConnection
  /** Makes the schema and tables of the state, once. */
  ensureState(database: string): Promise<void>
}

/** Reads the new and changed files of a source into staged tables. Leaves nothing when it raises. */
export async function stageLoad(io: LoadIo, request: LoadRequest): Promise<StagedLoad> {
  if (io.connection.inTransaction) throw new InternalError('a load is staged outside transactions')
  return stageFiles(new DuckDbSite(io, request), request)
}

/** The database that reads files itself: what is read into is the staged table already. */
class DuckDbSite implements LoadSite {
  readonly staged: RelationName
  readonly stagedQuarantine: RelationName
  readonly resolveTypes = resolveOwnTypes
  readonly #io: LoadIo
  readonly #request: LoadRequest

  constructor(io: LoadIo, request: LoadRequest) {
    const suffix = request.runId.slice(0, 8)
    const beside = (name: RelationName) => ({ ...name, identifier: stagedName(name.identifier, suffix) })
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

  async standing(): Promise<ReadonlyMap<string, string> | undefined> {
    const { database, schema, identifier } = this.#request.target
    const { rows } = await this.#io.connection.query(`select column_name, data_type from duckdb_columns()
where lower(database_name) = lower(${quoteString(database)}) and lower(schema_name) = lower(${quoteString(schema)})
  and lower(table_name) = lower(${quoteString(identifier)}) order by column_index`)
    return rows.length === 0 ? undefined : new Map(rows.map(([name, type]) => [String(name), String(type)]))
  }

  async openReader(): Promise<Reader> {
    await this.clean()
    return { connection: this.#io.connection, table: this.staged, close: () => undefined }
  }

  columnName(name: string): string {
    return name
  }

  storedType(type: string): string {
    return type
  }

  async columnsWithValues(names: readonly string[], files: readonly string[]): Promise<readonly string[]> {
    const counts = names.map((name) => `count(${quoteIdentifier(name)})`).join(', ')
    const target = duckDbDialect.relation(this.#request.target)
    const { rows } = await this.#io.connection.query(
      `select ${counts} from ${target} where _file in (${files.map(quoteString).join(', ')})`,
    )
    return names.filter((_, i) => Number(rows[0]![i]) > 0)
  }

  async receive({ staging, rule, reload, replaced, vanished }: ReadRows) {
    const { connection } = this.#io
    staging.refused.close()
    await stageQuarantine(staging, this.stagedQuarantine)
    let duplicates = rule === undefined ? 0 : await removeDuplicates(connection, this.staged, rule)
    if (rule !== undefined && !reload) {
      const tables = { from: this.staged, winners: this.#request.target, fromIsNew: true, except: replaced }
      duplicates += await removeLosers(connection, tables, rule)
    }
    const { rows } = await connection.query(`select count(*) from ${duckDbDialect.relation(this.staged)}`)
    const lost = vanished === undefined ? 0 : await keepVanished(staging, vanished, rule)
    return { accepted: Number(rows[0]![0]) - lost, duplicates: duplicates + lost }
  }

  async clean(): Promise<void> {
    for (const name of [this.staged, this.stagedQuarantine]) {
      await this.#io.connection.execute(duckDbDialect.drop(name, 'table'))
    }
  }
}

async function stageQuarantine(staging: Staging, table: RelationName): Promise<void> {
  const { connection, refused, request } = staging
  await connection.execute(`create table ${duckDbDialect.relation(table)} (${QUARANTINE_COLUMNS})`)
  if (refused.count === 0) return
  const from = readWrittenRows(refused.path, ['file', 'line', 'col', 'reason', 'raw'], refused.longest)
  const at = `${quoteString(request.loadedAt)}::timestamptz`
  await connection.execute(
    `insert into ${duckDbDialect.relation(table)} select file, line::bigint, col, reason, raw, ${at} from ${from}`,
  )
}

export const QUARANTINE_COLUMNS =
  '_file varchar, _line bigint, _column varchar, _reason varchar, _raw varchar, _loaded_at timestamp with time zone'
