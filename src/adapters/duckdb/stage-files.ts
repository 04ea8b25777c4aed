import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { InternalError, UserError } from '../../base/errors.ts'
import { discoverFiles } from '../load/discover-files.ts'
import type { FileRecord, LoadState } from '../load/load-state.ts'
import { type FileChanges, planFiles } from '../load/plan-files.ts'
import { RefusedRows } from '../load/refused-rows.ts'
import type { Workshop } from '../load/text-file.ts'
import { badRowDiagnostics } from '../load/verdict.ts'
import type { LoadRequest, LoadResult, StagedLoad } from '../load.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { duplicateRule, valueFormat } from './load-declaration.ts'
import { type OpenFiles, openFiles } from './load-files.ts'
import type { LoadSite, Reader, ReadRows } from './load-site.ts'
import { createStagedSql, type Staging, type TableColumn } from './load-staging.ts'
import { columnsOfVanished, tableColumns } from './table-columns.ts'
import { unpackZstd } from './unpack-zstd.ts'

/** What there is to load, and the table that stands. */
interface Task {
  readonly site: LoadSite
  readonly request: LoadRequest
  readonly changes: FileChanges
  readonly standing: ReadonlyMap<string, string> | undefined
}

/** Reads the new and changed files of a source into the staged tables of its site. Leaves nothing when it raises. */
export async function stageFiles(site: LoadSite, request: LoadRequest): Promise<StagedLoad> {
  const discovery = discoverFiles(request.files, request.projectRoot)
  if (discovery.diagnostics.length > 0) return nothing(request, discovery.diagnostics)
  await site.ensureState()
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-load-'))
  try {
    const known = await site.loadedFiles()
    const standing = await site.standing()
    const changes = await planFiles(request, discovery.files, known, standing !== undefined)
    if (changes.load.length === 0 && changes.drop.length === 0 && standing !== undefined) {
      return nothing(request, [], changes)
    }
    const reader = await site.openReader(folder)
    try {
      return await readFiles({ site, request, changes, standing }, reader, folder)
    } finally {
      reader.close()
    }
  } catch (error) {
    await site.clean()
    if (error instanceof UserError) return nothing(request, error.diagnostics)
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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

async function readFiles(task: Task, reader: Reader, folder: string): Promise<StagedLoad> {
  const { request, changes } = task
  const { connection } = reader
  const workshop: Workshop = { folder, unpackZstd: (from, to) => unpackZstd(connection, from, to) }
  const opened = await openFiles(connection, request, changes.load, workshop)
  const refused = new RefusedRows(join(folder, 'refused.csv'))
  try {
    const columns = await columnsOf(task, reader, opened)
    const rule = duplicateRule(request, [
      ...columns.map((c) => c.name),
      ...(changes.reload ? [] : (task.standing?.keys() ?? [])),
    ])
    const warnings = [...opened.diagnostics]
    const format = valueFormat(request)
    const staging: Staging = { ...reader, request, columns, format, refused, workshop, warnings }
    await connection.execute(createStagedSql(reader.table, columns))
    const records: FileRecord[] = []
    for (const file of opened.files) records.push({ ...file.record, rows: await file.load(staging) })
    await connection.execute(`alter table ${duckDbDialect.relation(reader.table)} drop column if exists _bad`)
    const replaced = [...records.map((r) => r.path), ...changes.drop]
    const rows = { staging, opened, rule, reload: changes.reload, replaced, vanished: vanishedOf(task) }
    return await handOver(task, rows, records)
  } finally {
    refused.close()
    for (const file of opened.files) file.discard()
  }
}

function vanishedOf({ changes, standing }: Task): ReadRows['vanished'] {
  const kept = changes.reload && changes.keep.length > 0
  return kept && standing !== undefined ? { files: changes.keep, target: standing } : undefined
}

async function columnsOf(task: Task, reader: Reader, opened: OpenFiles): Promise<readonly TableColumn[]> {
  const { site, request, changes, standing } = task
  const existing = changes.reload ? undefined : standing
  const own = await tableColumns(reader.connection, site, request, { opened, existing })
  const vanished = vanishedOf(task)
  if (vanished === undefined || request.files.undeclared !== 'keep') return own
  return [...own, ...(await columnsOfVanished(reader.connection, site, own, vanished))]
}

async function handOver(task: Task, rows: ReadRows, records: readonly FileRecord[]): Promise<StagedLoad> {
  const { site, request, changes } = task
  const { refused, warnings, connection } = rows.staging
  const { accepted, duplicates } = await site.receive(rows)
  for (const file of rows.opened.files) await file.close(connection)
  const input = records.reduce((sum, r) => sum + r.rows, 0)
  if (input !== accepted + refused.count + duplicates) {
    const parts = `${accepted} accepted, ${refused.count} refused, ${duplicates} duplicate`
    throw new InternalError(`${request.uniqueId}: ${input} rows were read, but ${parts}`)
  }
  const diagnostics = [...warnings, ...badRowDiagnostics(request, refused, input)]
  const { staged, stagedQuarantine } = site
  const state: LoadState = {
    staged,
    stagedQuarantine,
    replace: changes.reload,
    replaced: rows.replaced,
    // Files whose rows went with a table that is gone are new when they come back.
    forgotten: task.standing === undefined ? [...changes.drop, ...changes.keep] : changes.drop,
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
}
