import { describe, expect, it } from 'vitest'
import { column, HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { buildGraph } from './build-graph.ts'
import { declarationFingerprint } from './fingerprint.ts'

const fingerprint = (project: HandBuiltProject, name: string) =>
  buildGraph(project.build()).graph.fingerprint(project.id(name))
const base = () =>
  new HandBuiltProject().macro('macro.shop.cents', 'round({{x}}, 2)').model('a', [], { macros: ['macro.shop.cents'] })

describe('fingerprint', () => {
  it('is the same for the same node, whatever else there is', () => {
    expect(fingerprint(base(), 'a')).toMatch(/^[0-9a-f]{64}$/)
    expect(fingerprint(base().table('other').macro('macro.shop.unused', 'x'), 'a')).toBe(fingerprint(base(), 'a'))
  })

  it('changes with configuration, macros, columns and parents', () => {
    const macros = ['macro.shop.cents']
    const project = () => new HandBuiltProject().macro('macro.shop.cents', 'round({{x}}, 2)').seed('s')
    const variants = [
      fingerprint(base(), 'a'),
      fingerprint(new HandBuiltProject().macro('macro.shop.cents', 'round({{x}}, 3)').model('a', [], { macros }), 'a'),
      fingerprint(project().model('a', [], { macros, config: { materialized: 'table' } }), 'a'),
      fingerprint(project().model('a', [], { macros, columns: [column('id', { dataType: 'bigint' })] }), 'a'),
      fingerprint(project().model('a', ['s'], { macros }), 'a'),
      fingerprint(project().model('a', [], { macros, config: { alias: 'b' } }), 'a'),
    ]
    expect(new Set(variants).size).toBe(variants.length)
  })

  it('changes with a hook, but not with where it is written', () => {
    const hooked = (sql: string, start: number) => {
      const hook = { sql, transaction: true, span: { path: 'project.yml', start, end: start + 9 } }
      return fingerprint(new HandBuiltProject().model('a', [], { config: { 'post-hook': [hook] } }), 'a')
    }
    expect(hooked('analyze', 5)).toBe(hooked('analyze', 50))
    expect(hooked('analyze', 5)).not.toBe(hooked('vacuum', 5))
  })

  it('of a declared test changes with the definition', () => {
    const declared = (text: string) =>
      new HandBuiltProject().macro('macro.tsdbt.test_unique', text, 'test').model('a').test('unique', ['a'])
    expect(fingerprint(declared('one'), 'unique_a')).not.toBe(fingerprint(declared('two'), 'unique_a'))
  })

  it('does not change with tags, group, schema, or descriptions that are not persisted', () => {
    const plain = fingerprint(new HandBuiltProject().model('a'), 'a')
    const config = { tags: ['x'], group: 'g', schema: 's', database: 'd' }
    expect(fingerprint(new HandBuiltProject().model('a', [], { config, description: 'told' }), 'a')).toBe(plain)
    const persist = { persist_docs: { relation: true } }
    const persisted = (description: string) =>
      fingerprint(new HandBuiltProject().model('a', [], { config: persist, description }), 'a')
    expect(persisted('one')).not.toBe(persisted('two'))
  })
})

describe('declarationFingerprint', () => {
  const declare = (columns: Parameters<typeof column>[]) =>
    new HandBuiltProject()
      .source('crm', 'contacts', { loaded: true, columns: columns.map((c) => column(...c)) })
      .build().sources[0]!

  it('changes with how the files are read, not with which files or descriptions', () => {
    const source = declare([['id', { dataType: 'bigint' }]])
    const plain = declarationFingerprint(source)
    expect(declarationFingerprint(declare([['id', { dataType: 'bigint', description: 'key' }]]))).toBe(plain)
    expect(declarationFingerprint(declare([['id', { dataType: 'text' }]]))).not.toBe(plain)
    const files = source.files!
    expect(declarationFingerprint({ ...source, files: { ...files, delimiter: ';' } })).not.toBe(plain)
    expect(declarationFingerprint({ ...source, files: { ...files, location: ['other.csv'] } })).toBe(plain)
    expect(declarationFingerprint({ ...source, files: { ...files, onBadRows: 'fail', maxBadRows: { rows: 1 } } })).toBe(
      plain,
    )
    expect(declarationFingerprint({ ...source, files: { ...files, span: { ...files.span, start: 9 } } })).toBe(plain)
  })
})
