import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { DatabaseError, InternalError, UserError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import { stagedName } from '../../sql/staged-name.ts'
import { discoverFiles } from '../load/discover-files.ts'
import { type FileChanges, planFiles } from '../load/plan-files.ts'
import { RefusedRows } from '../load/refused-rows.ts'
import type { Workshop } from '../load/text-file.ts'
import { badRowDiagnostics } from '../load/verdict.ts'
import type { LoadRequest, LoadResult, StagedLoad } from '../load.ts'
import { removeDuplicates, removeLosers } from './deduplicate.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { columnsOfVanished, keepVanished } from './keep-vanished.ts'
import { duplicateRule, valueFormat } from './load-declaration.ts'
import { openFiles } from './load-files.ts'
import { createStagedSql, readWrittenRows, type Staging } from './load-staging.ts'
import { type FileRecord, readLoadedFiles } from './load-state.ts'
import { tableColumns } from './table-columns.ts'

/** What a load needs besides its connection. */
export interface LoadIo {
  readonly connection: DuckDbConnection
  /** Makes the schema and tables of the state, once. */
  ensureState(database: string): Promise<void>
}

/** What `publishLoad` needs to know of a staged load. */
export interface LoadState {
  readonly staged: RelationName
  readonly stagedQuarantine: RelationName
  /** The staged table becomes the target; else its rows are added. */
  readonly replace: boolean
  /** Files whose rows leave the target and the quarantine before the new ones come. */
  readonly replaced: readonly string[]
  /** Files whose state is forgotten. */
  readonly forgotten: readonly string[]
  readonly records: readonly FileRecord[]
}

/** Reads the new and changed files of a source into staged tables. Leaves nothing when it raises. */
export async function stageLoad(io: LoadIo, request: LoadRequest): Promise<StagedLoad> {
  const { connection } = io
  if (connection.inTransaction) throw new InternalError('a load is staged outside transactions')
  const discovery = discoverFiles(request.files, request.projectRoot)
  if (discovery.diagnostics.length > 0) return nothing(request, discovery.diagnostics)
  await io.ensureState(request.target.database)
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-load-'))
  try {
    const known = await readLoadedFiles(connection, request.target.database, request.uniqueId)
    const target = await columnNames(connection, request.target)
    const changes = await planFiles(request, discovery.files, known, target !== undefined)
    if (changes.load.length === 0 && changes.drop.length === 0 && target !== undefined) {
      return nothing(request, [], changes)
    }
    return await readFiles(connection, request, changes, target, folder)
  } catch (error) {
    await dropStaged(connection, request)
    if (error instanceof UserError) return nothing(request, error.diagnostics)
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function names(request: LoadRequest): { staged: RelationName; stagedQuarantine: RelationName } {
  const suffix = request.runId.slice(0, 8)
  const beside = (name: RelationName) => ({ ...name, identifier: stagedName(name.identifier, suffix) })
  return { staged: beside(request.target), stagedQuarantine: beside(request.quarantine) }
}

async function dropStaged(connection: DuckDbConnection, request: LoadRequest): Promise<void> {
  const { staged, stagedQuarantine } = names(request)
  for (const name of [staged, stagedQuarantine]) await connection.execute(duckDbDialect.drop(name, 'table'))
}

function nothing(request: LoadRequest, diagnostics: readonly Diagnostic[], changes?: FileChanges): StagedLoad {
  const result: LoadResult = {
    rowsInput: 0,
    rowsAccepted: 0,
    rowsQuarantined: 0,
    rowsDuplicate: 0,
    filesLoaded: [],
    filesUnchanged: changes?.unchanged ?? 0,
    filesRemoved: [],
    diagnostics,
  }
  const failed = diagnostics.some((d) => d.severity === 'error')
  return { request, result, failed, relations: [], state: undefined }
}

/** Columns of a table that exists, else undefined. */
async function columnNames(
  connection: DuckDbConnection,
  table: RelationName,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows } = await connection.query(`select column_name, data_type from duckdb_columns()
where lower(database_name) = lower(${quoteString(table.database)}) and lower(schema_name) = lower(${quoteString(table.schema)})
  and lower(table_name) = lower(${quoteString(table.identifier)}) order by column_index`)
  return rows.length === 0 ? undefined : new Map(rows.map(([name, type]) => [String(name), String(type)]))
}

async function readFiles(
  connection: DuckDbConnection,
  request: LoadRequest,
  changes: FileChanges,
  target: ReadonlyMap<string, string> | undefined,
  folder: string,
): Promise<StagedLoad> {
  const { staged, stagedQuarantine } = names(request)
  await dropStaged(connection, request)
  const workshop: Workshop = { folder, unpackZstd: (from, to) => unpackZstd(connection, from, to) }
  const opened = await openFiles(connection, request, changes.load, workshop)
  const refused = new RefusedRows(join(folder, 'refused.csv'))
  try {
    const vanished = changes.reload && changes.keep.length > 0 && target ? { files: changes.keep, target } : undefined
    const own = await tableColumns(connection, request, opened, changes.reload ? undefined : target)
    const more = vanished && (await columnsOfVanished({ connection, request, columns: own }, vanished))
    const columns = [...own, ...(more ?? [])]
    const rule = duplicateRule(request, [
      ...columns.map((c) => c.name),
      ...(changes.reload ? [] : (target?.keys() ?? [])),
    ])
    const warnings = [...opened.diagnostics]
    const format = valueFormat(request)
    const staging: Staging = { connection, request, table: staged, columns, format, refused, workshop, warnings }
    await connection.execute(createStagedSql(staged, columns))
    const records: FileRecord[] = []
    for (const file of opened.files) records.push({ ...file.record, rows: await file.load(staging) })
    await connection.execute(`alter table ${duckDbDialect.relation(staged)} drop column if exists _bad`)
    refused.close()
    await stageQuarantine(staging, stagedQuarantine)
    const replaced = [...records.map((r) => r.path), ...changes.drop]
    let duplicates = rule === undefined ? 0 : await removeDuplicates(connection, staged, rule)
    if (rule !== undefined && !changes.reload) {
      const tables = { from: staged, winners: request.target, fromIsNew: true, except: replaced }
      duplicates += await removeLosers(connection, tables, rule)
    }
    const { rows } = await connection.query(`select count(*) from ${duckDbDialect.relation(staged)}`)
    let accepted = Number(rows[0]![0])
    if (vanished !== undefined) {
      const lost = await keepVanished(staging, vanished, rule)
      accepted -= lost
      duplicates += lost
    }
    const input = records.reduce((sum, r) => sum + r.rows, 0)
    if (input !== accepted + refused.count + duplicates) {
      const parts = `${accepted} accepted, ${refused.count} refused, ${duplicates} duplicate`
      throw new InternalError(`${request.uniqueId}: ${input} rows were read, but ${parts}`)
    }
    const diagnostics = [...warnings, ...badRowDiagnostics(request, refused, input)]
    const state: LoadState = {
      staged,
      stagedQuarantine,
      replace: changes.reload,
      replaced,
      // Files whose rows went with a table that is gone are new when they come back.
      forgotten: target === undefined ? [...changes.drop, ...changes.keep] : changes.drop,
      records,
    }
    return {
      request,
      result: {
        rowsInput: input,
        rowsAccepted: accepted,
        rowsQuarantined: refused.count,
        rowsDuplicate: duplicates,
        filesLoaded: records.map((r) => r.path),
        filesUnchanged: changes.unchanged,
        filesRemoved: changes.drop,
        diagnostics,
      },
      failed: diagnostics.some((d) => d.severity === 'error'),
      relations: [staged, stagedQuarantine],
      state,
    }
  } finally {
    refused.close()
    for (const file of opened.files) file.discard()
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

/** Node unpacks zstd from 22.15 on; before, the engine does. Lines come out with `\n`. */
async function unpackZstd(connection: DuckDbConnection, from: string, to: string): Promise<void> {
  const lines = `read_csv(${quoteString(from)}, columns={line: 'varchar'}, auto_detect=false, header=false, delim='\u0001', quote='', escape='', compression='zstd', parallel=false)`
  const rows = `select coalesce(line, '') from ${lines}`
  try {
    await connection.execute(
      `copy (${rows}) to ${quoteString(to)} (format csv, header false, quote '', escape '', delimiter '\u0001', compression 'none')`,
    )
  } catch (error) {
    // What the engine says at length is about reading lines; the file is whole and may only be no UTF-8.
    if (error instanceof DatabaseError && error.fault.kind !== 'interrupted') {
      throw new Error(
        'this version of Node has no zstd, and the engine reads short lines of UTF-8 only; use Node 22.15 or later, or gzip',
      )
    }
    throw error
  }
}
