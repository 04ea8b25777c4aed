import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import type { Adapter, Cell, Session } from '../../src/adapters/adapter.ts'
import type { DeclaredColumn, LoadRequest, LoadResult, StagedLoad } from '../../src/adapters/load.ts'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import type { RelationName } from '../../src/sql/relation.ts'
import { openTarget, temporaryFolder } from '../adapters/open.ts'
import { engines, SCHEMA, type SpecEngine } from '../engines.ts'

const span = (path: string) => ({ path, start: 0, end: 1 })

/** `id bigint`, `name`, `note text not required`. */
export function column(text: string): DeclaredColumn {
  const optional = text.endsWith('?')
  const [name, ...type] = (optional ? text.slice(0, -1) : text).split(' ')
  const dataType = type.length === 0 ? undefined : type.join(' ')
  return { name: name!, dataType, quote: false, required: !optional, span: span(`column ${name}`) }
}

export function filesSpec(changes: Partial<FilesSpec> = {}): FilesSpec {
  return {
    location: ['data/*.csv'],
    outsideProject: false,
    format: 'csv',
    delimiter: ',',
    quote: '"',
    escape: '"',
    header: true,
    skipHeaderLines: 0,
    skipFooterLines: 0,
    decimal: '.',
    dateFormats: [],
    timestampFormats: [],
    nullValues: [''],
    undeclared: 'keep',
    deduplicate: 'none',
    onBadRows: 'quarantine',
    maxBadRows: { share: 1 },
    onRemovedFiles: 'keep',
    locationSpan: span('location'),
    span: span('files'),
    ...changes,
  }
}

type Content = string | Buffer

const READ_AS: { readonly [type: string]: string } = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  'double precision': 'DOUBLE',
  boolean: 'BOOLEAN',
  jsonb: 'JSON',
  date: 'DATE',
  'timestamp without time zone': 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMP WITH TIME ZONE',
  'numeric(39,0)': 'HUGEINT',
}

/** A project folder with files, and an adapter that loads them as one source. */
export class Loading {
  readonly root = temporaryFolder()
  readonly adapter: Adapter
  readonly session: Session
  readonly engine: string
  readonly target: RelationName
  readonly quarantine: RelationName
  columns: readonly DeclaredColumn[] = []
  files: Partial<FilesSpec> = {}
  declaration = 'one'
  loadedAt = '2024-01-01T00:00:00.000Z'

  constructor(adapter: Adapter, session: Session, database: string) {
    this.adapter = adapter
    this.session = session
    this.engine = adapter.type
    this.target = { database, schema: SCHEMA, identifier: 'items' }
    this.quarantine = { ...this.target, identifier: 'items__quarantine' }
  }

  /** What differs between the engines on purpose. */
  on<T>(expected: { readonly [engine: string]: T }): T {
    return expected[this.engine]!
  }

  /** Relations of the schema. */
  async relations(): Promise<readonly string[]> {
    return (await this.adapter.relations([this.target])).map((r) => r.name.identifier)
  }

  write(path: string, content: Content): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  request(changes: Partial<LoadRequest> = {}): LoadRequest {
    return {
      uniqueId: 'source.shop.raw.items',
      target: this.target,
      quarantine: this.quarantine,
      files: filesSpec(this.files),
      columns: this.columns,
      projectRoot: this.root,
      runId: '0123abcd',
      loadedAt: this.loadedAt,
      fullRefresh: false,
      declaration: this.declaration,
      ...changes,
    }
  }

  async stage(changes: Partial<LoadRequest> = {}): Promise<StagedLoad> {
    const staged = await this.session.stageLoad(this.request(changes))
    const { rowsInput, rowsAccepted, rowsQuarantined, rowsDuplicate } = staged.result
    expect(rowsAccepted + rowsQuarantined + rowsDuplicate).toBe(rowsInput)
    return staged
  }

  /** Stages and publishes, as a run does; a failed load is discarded. */
  async load(changes: Partial<LoadRequest> = {}): Promise<LoadResult> {
    const staged = await this.stage(changes)
    if (staged.failed) await this.session.discardLoad(staged, { keepQuarantine: true })
    else {
      await this.session.begin()
      await this.session.publishLoad(staged)
      await this.session.commit()
    }
    expect((await this.relations()).filter((name) => name.includes('__tsdbt_'))).toEqual([])
    return staged.result
  }

  /** JSON as text without blanks, which one engine gives as text and another as values. */
  async rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    const { columns, rows } = await this.session.query(sql)
    const isJson = columns.map(({ type }) => /^jsonb?$/i.test(type))
    const text = (cell: Cell) => JSON.stringify(this.engine === 'duckdb' ? JSON.parse(String(cell)) : cell)
    return rows.map((row) => row.map((cell, i) => (isJson[i] && cell !== null ? text(cell) : cell)))
  }

  /** The names of the target's columns, and their types in the words of the reader where Postgres has others. */
  async columnTypes(): Promise<readonly string[]> {
    const columns = await this.session.columnsOf(this.target)
    const type = (name: string) =>
      this.engine === 'postgres' ? (READ_AS[name] ?? name.replace('numeric', 'DECIMAL')) : name
    return columns.map((column) => `${column.name} ${type(column.type)}`)
  }
}

export type StartLoading = (files: Readonly<Record<string, Content>>, setup?: Partial<Loading>) => Promise<Loading>

export function starter(engine: SpecEngine): StartLoading {
  return async (files, setup = {}) => {
    const database = await engine.create()
    onTestFinished(() => database.drop())
    const adapter = await database.open({ threads: 2 }, engine.name === 'postgres' ? { search_path: SCHEMA } : {})
    const loading = new Loading(adapter, await adapter.acquire(), database.name)
    for (const [path, content] of Object.entries(files)) loading.write(path, content)
    return Object.assign(loading, setup)
  }
}

/** Writes a file by a statement of DuckDB. */
export async function copyByDuckDb(sql: string): Promise<void> {
  const session = await (await openTarget({})).acquire()
  await session.execute(sql)
  await session.release()
}

/** Runs the same tests on every engine; each `startLoading` has a project and a database of its own. */
export function loadingOnEachEngine(body: (startLoading: StartLoading) => void): void {
  describe.each(engines)('on $name', (engine) => body(starter(engine)))
}

/** Input, accepted, quarantined, duplicate. */
export function counts(result: LoadResult): readonly number[] {
  return [result.rowsInput, result.rowsAccepted, result.rowsQuarantined, result.rowsDuplicate]
}

export function codes(result: LoadResult): readonly string[] {
  return result.diagnostics.map((d) => d.code)
}
