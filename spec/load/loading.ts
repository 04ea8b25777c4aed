import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { Adapter, Cell, Session } from '../../src/adapters/adapter.ts'
import type { DeclaredColumn, LoadRequest, LoadResult, StagedLoad } from '../../src/adapters/load.ts'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import { openTarget, temporaryFolder } from '../adapters/open.ts'

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

export const TARGET = { database: 'memory', schema: 'main', identifier: 'items' }
const QUARANTINE = { ...TARGET, identifier: 'items__quarantine' }

type Content = string | Buffer

/** A project folder with files, and an adapter that loads them as one source. */
export class Loading {
  readonly root = temporaryFolder()
  readonly adapter: Adapter
  readonly session: Session
  columns: readonly DeclaredColumn[] = []
  files: Partial<FilesSpec> = {}
  declaration = 'one'
  loadedAt = '2024-01-01T00:00:00.000Z'

  constructor(adapter: Adapter, session: Session) {
    this.adapter = adapter
    this.session = session
  }

  write(path: string, content: Content): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  request(changes: Partial<LoadRequest> = {}): LoadRequest {
    return {
      uniqueId: 'source.shop.raw.items',
      target: TARGET,
      quarantine: QUARANTINE,
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
    const relations = await this.adapter.relations([{ database: 'memory', schema: 'main' }])
    expect(relations.map((r) => r.name.identifier).filter((name) => name.includes('__tsdbt_'))).toEqual([])
    return staged.result
  }

  async rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    return (await this.session.query(sql)).rows
  }
}

export async function startLoading(
  files: Readonly<Record<string, Content>>,
  setup: Partial<Loading> = {},
): Promise<Loading> {
  const adapter = await openTarget({})
  const loading = new Loading(adapter, await adapter.acquire())
  for (const [path, content] of Object.entries(files)) loading.write(path, content)
  return Object.assign(loading, setup)
}

/** Input, accepted, quarantined, duplicate. */
export function counts(result: LoadResult): readonly number[] {
  return [result.rowsInput, result.rowsAccepted, result.rowsQuarantined, result.rowsDuplicate]
}

export function codes(result: LoadResult): readonly string[] {
  return result.diagnostics.map((d) => d.code)
}
