import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Adapter, Session } from '../../../src/adapters/adapter.ts'
import type { Diagnostic } from '../../../src/base/diagnostic.ts'
import type { HyperOptions } from '../../../src/config/exports/hyper-options.ts'
import type { ExportTable, WrittenExport } from '../../../src/exports/export-job.ts'
import type { HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { openHyper } from '../../../src/exports/hyper/open-hyper.ts'
import { writeHyperFile } from '../../../src/exports/hyper/write-hyper.ts'
import type { RelationNode } from '../../../src/project/resource.ts'
import { SCHEMA } from '../../engines.ts'
import { readHyper } from './read-hyper.ts'

const usual: HyperOptions = {
  version: 2,
  schema: 'Extract',
  table: null,
  tables: {},
  decimals: 'exact',
  intervals: 'text',
  outOfRange: 'error',
  keys: true,
}

/** Writes tables of a database to `.hyper` files as exports do. */
export class HyperWork {
  readonly folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-hyper-'))
  readonly hyper: HyperService = openHyper({ env: {}, projectRoot: process.cwd(), folders: () => [this.folder] })
  /** Reads what the other one has written. */
  readonly reader: HyperService = openHyper({ env: {}, projectRoot: process.cwd(), folders: () => [this.folder] })
  readonly warnings: Diagnostic[] = []

  read(name = 'out'): ReturnType<typeof readHyper> {
    return readHyper(this.reader, this.path(name))
  }

  async close(): Promise<void> {
    await Promise.all([this.hyper.close(), this.reader.close()])
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(name: string): string {
    return join(this.folder, `${name}.hyper`)
  }

  /** `tables` are names of tables in the schema `main`, or what an export knows of them. */
  async write(
    adapter: Adapter,
    database: string,
    parts: {
      readonly tables: readonly (string | (Pick<ExportTable, 'name'> & Partial<ExportTable>))[]
      readonly name?: string
      readonly options?: Partial<HyperOptions> | undefined
      readonly signal?: AbortSignal
      readonly hyper?: HyperService
    },
  ): Promise<WrittenExport> {
    this.warnings.length = 0
    const name = parts.name ?? 'out'
    const scratch = join(this.folder, `${name}.work`)
    mkdirSync(scratch)
    rmSync(this.path(name), { force: true })
    const session = await adapter.acquire()
    try {
      const tables: ExportTable[] = []
      for (const table of parts.tables) {
        const given = typeof table === 'string' ? { name: table } : table
        tables.push({ ...(await describe(adapter, session, database, given)), ...given })
      }
      const job = {
        tables,
        session,
        dialect: adapter.dialect,
        hyper: parts.hyper ?? this.hyper,
        scratch,
        target: join(this.folder, 'target.hyper'),
        projectRoot: this.folder,
        signal: parts.signal ?? new AbortController().signal,
        warn: (diagnostic: Diagnostic) => void this.warnings.push(diagnostic),
      }
      return await writeHyperFile(job, this.path(name), { ...usual, ...parts.options })
    } finally {
      await session.release()
      rmSync(scratch, { recursive: true })
    }
  }
}

async function describe(
  adapter: Adapter,
  session: Session,
  database: string,
  { name, columns: given }: Pick<ExportTable, 'name'> & Partial<ExportTable>,
): Promise<ExportTable> {
  const relation = { database, schema: SCHEMA, identifier: name }
  const found = await session.columnsOf(relation)
  const columns =
    given ??
    found.map((column) => ({
      name: column.name,
      type: adapter.dialect.logicalType(column.type),
      engineType: column.type,
      description: '',
      meta: {},
      span: null,
    }))
  const list = columns.map((column) => adapter.dialect.identifier(column.name)).join(', ')
  return {
    node: { name } as RelationNode,
    relation,
    name,
    description: '',
    meta: {},
    columns,
    sql: `select ${list} from ${adapter.dialect.relation(relation)}`,
    primaryKey: [],
    foreignKeys: [],
  }
}
