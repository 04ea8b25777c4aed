import { describe, expect, it } from 'vitest'
import { column, HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import type { FilesSpec } from '../config/files-spec.ts'
import type { Column } from '../project/resource.ts'
import { loadRequest } from './load-request.ts'

const context = { projectRoot: '/project', runId: '0a1b2c3d', loadedAt: '2026-01-01T00:00:00.000Z' }

function request(files: Partial<FilesSpec> = {}, columns: readonly Column[] = [column('id', { dataType: 'bigint' })]) {
  const built = new HandBuiltProject().source('crm', 'people', { loaded: true, columns }).build().sources[0]!
  const node = { ...built, files: { ...built.files!, ...files } }
  return loadRequest(node, node.files, context, false)
}

describe('loadRequest', () => {
  it('hands on what an adapter needs', () => {
    expect(request()).toMatchObject({
      uniqueId: 'source.shop.crm.people',
      target: { schema: 'raw_crm', identifier: 'people' },
      quarantine: { identifier: 'people__quarantine' },
      columns: [{ name: 'id', dataType: 'bigint', quote: false, required: true }],
      runId: '0a1b2c3d',
    })
    expect(request({}, [column('note')]).columns[0]!.dataType).toBeUndefined()
  })

  it('reloads when the reading of a file changes, and only then', () => {
    const { declaration } = request()
    const span = { path: 'elsewhere.yml', start: 5, end: 9 }
    const same = [
      request({ span, locationSpan: span, maxBadRows: { rows: 7 }, onBadRows: 'fail', location: ['more/*.csv'] }),
      request({}, [column('id', { dataType: 'bigint', description: 'words', span })]),
    ]
    for (const r of same) expect(r.declaration).toBe(declaration)
    const changed = [
      request({ delimiter: ';' }),
      request({ nullValues: ['-'] }),
      request({ deduplicate: ['id'] }),
      request({}, [column('id', { dataType: 'text' })]),
      request({}, [column('id', { dataType: 'bigint', required: false })]),
      request({}, []),
    ]
    expect(new Set([declaration, ...changed.map((r) => r.declaration)]).size).toBe(7)
  })
})
