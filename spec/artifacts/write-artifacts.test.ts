import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeArtifactFile } from '../../src/artifacts/artifact-file.ts'
import { defaultListKeys, listNode } from '../../src/artifacts/list-node.ts'
import type { ManifestInput } from '../../src/artifacts/manifest-input.ts'
import { writeCompiled, writeExecuted, writeManifest } from '../../src/artifacts/write-artifacts.ts'
import { UserError } from '../../src/base/errors.ts'
import { Scrubber } from '../../src/base/scrub.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { planUnits } from '../../src/graph/units.ts'
import { HandBuiltProject } from './hand-built-project.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const keep = (text: string) => text
const code = (error: unknown) => (error instanceof UserError ? error.diagnostics.map((d) => d.code) : error)

function input(project: HandBuiltProject): ManifestInput {
  const built = project.build()
  return {
    project: built,
    graph: buildGraph(built).graph,
    compiled: new Map(),
    executed: new Set(),
    invocation: { id: 'x', startedAt: '2024-05-01T10:00:00.000Z', generatedAt: '2024-05-01T10:00:01.000Z' },
    adapterType: 'duckdb',
    target: { database: 'dev', schema: 'main' },
    relationName: (r) => r.identifier,
  }
}

describe('writeArtifactFile', () => {
  it('replaces a file as a whole and leaves nothing beside it', async () => {
    const path = join(folder, 'deep', 'a.json')
    await writeArtifactFile(path, ['one'])
    await writeArtifactFile(path, ['t', 'wo', 'x'.repeat(3_000_000)])
    expect(readFileSync(path, 'utf8')).toBe(`two${'x'.repeat(3_000_000)}`)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['a.json'])
  })

  it('keeps the old file when the new one cannot be made', async () => {
    const path = join(folder, 'a.json')
    await writeArtifactFile(path, ['old'])
    function* broken() {
      yield 'new'
      throw new RangeError('out of text')
    }
    await expect(writeArtifactFile(path, broken())).rejects.toThrow('out of text')
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  it('says why it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '')
    const error = await writeArtifactFile(join(folder, 'file', 'a.json'), ['x']).catch((e: unknown) => e)
    expect(code(error)).toEqual(['artifacts/not-writable'])
    mkdirSync(join(folder, 'b.json'))
    expect(code(await writeArtifactFile(join(folder, 'b.json'), ['x']).catch((e: unknown) => e))).toEqual([
      'artifacts/not-writable',
    ])
  })
})

describe('writeManifest', () => {
  it('writes valid JSON without secrets', async () => {
    const scrubber = new Scrubber()
    scrubber.add('hunter2')
    const project = new HandBuiltProject().model('a', [], { description: 'the password is "hunter2"' })
    const path = await writeManifest({ folder, scrub: (text) => scrubber.scrub(text) }, input(project))
    const manifest = JSON.parse(readFileSync(path, 'utf8'))
    expect(manifest.nodes['model.shop.a'].description).toBe('the password is "*****"')
  })
})

describe('writeCompiled', () => {
  it('lays files out as dbt does and touches only those that changed', async () => {
    const project = new HandBuiltProject().model('a', [], { folder: 'staging' }).test('unique', ['a'])
    const { graph } = input(project)
    const texts = new Map([
      ['model.shop.a', { sql: { text: 'select 1' } }],
      [project.id('unique_a'), { sql: { text: 'select 2' } }],
    ])
    expect(await writeCompiled({ folder, scrub: keep }, graph, texts)).toBe(2)
    const path = join(folder, 'compiled/shop/models/staging/a.sql')
    expect(readFileSync(path, 'utf8')).toBe('select 1')
    expect(readFileSync(join(folder, 'compiled/shop/models/models.yml/unique_a.sql'), 'utf8')).toBe('select 2')

    utimesSync(path, 1, 1)
    texts.set(project.id('unique_a'), { sql: { text: 'select 3' } })
    expect(await writeCompiled({ folder, scrub: keep }, graph, texts)).toBe(1)
    expect(statSync(path).mtimeMs).toBe(1000)
    expect(readFileSync(join(folder, 'compiled/shop/models/models.yml/unique_a.sql'), 'utf8')).toBe('select 3')
  })

  it('writes statements below run/, and reports what is in the way', async () => {
    const { graph } = input(new HandBuiltProject().model('a'))
    const texts = new Map([['model.shop.a', 'create view a as select 1']])
    await writeExecuted({ folder, scrub: keep }, graph, texts)
    expect(readFileSync(join(folder, 'run/shop/models/a.sql'), 'utf8')).toBe('create view a as select 1')
    rmSync(join(folder, 'run'), { recursive: true })
    writeFileSync(join(folder, 'run'), 'in the way')
    expect(code(await writeExecuted({ folder, scrub: keep }, graph, texts).catch((e: unknown) => e))).toEqual([
      'artifacts/not-writable',
    ])
  })
})

describe('listNode', () => {
  it('has every key that callers may ask for', () => {
    const project = new HandBuiltProject()
      .source('crm', 'contacts')
      .table('a', ['crm.contacts'])
      .view('v', ['a'])
      .test('unique', ['v'])
    const whole = input(project)
    const [unit] = planUnits(whole.graph, new Set(whole.graph.order), { audit: true, wholeRun: false })
    const listed = listNode(whole.graph.nodes.get('model.shop.v')!, whole, unit)
    for (const key of [...defaultListKeys, 'freshness', 'fqn', 'path', 'database', 'schema'])
      expect(listed).toHaveProperty(key)
    expect(listed).toMatchObject({
      selector: 'shop.v',
      source_name: null,
      depends_on: { nodes: ['model.shop.a'] },
      config: { materialized: 'view' },
      publication_unit: { id: 'model.shop.a', members: ['model.shop.a', 'model.shop.v'] },
    })
    const source = listNode(whole.graph.nodes.get('source.shop.crm.contacts')!, whole)
    expect(source).toMatchObject({
      selector: 'source:shop.crm.contacts',
      source_name: 'crm',
      alias: null,
      publication_unit: null,
    })
    expect(source.freshness).toMatchObject({ warn_after: { count: null } })
  })
})
