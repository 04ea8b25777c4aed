import { describe, expect, it } from 'vitest'
import { SourceFile, SourceSet } from '../base/source-file.ts'
import { loadMacroLibrary } from './library.ts'
import { createMacroRegistry } from './macro-registry.ts'
import { parseTemplate } from './parse-template.ts'

function definitions(text: string, packageName: string) {
  return parseTemplate(new SourceFile(`${packageName}.sql`, text), { packageName }).template!.definitions
}

const library = loadMacroLibrary(new SourceSet())

describe('the registry', () => {
  const own = definitions(
    '{{#*macro f}}own{{/macro}}{{#*macro duckdb.f}}duck{{/macro}}{{#*test f model}}t{{/test}}',
    'shop',
  )
  const foreign = definitions('{{#*macro f}}pkg{{/macro}}{{#*macro g}}pkg{{/macro}}', 'pkg')
  const { registry, diagnostics } = createMacroRegistry([...own, ...foreign], { projectName: 'shop', library })

  it.each([
    ['macro', 'f', 'postgres', 'shop', 'macro.shop.f'],
    ['macro', 'f', 'duckdb', 'shop', 'macro.shop.duckdb__f'],
    ['macro', 'f', 'postgres', 'pkg', 'macro.shop.f'],
    ['macro', 'pkg.f', 'postgres', 'shop', 'macro.pkg.f'],
    ['macro', 'g', 'duckdb', 'pkg', 'macro.pkg.g'],
    ['macro', 'g', 'duckdb', 'shop', undefined],
    ['test', 'f', 'duckdb', 'shop', 'macro.shop.test_f'],
    ['macro', 'date_trunc', 'duckdb', 'shop', 'macro.tsdbt.date_trunc'],
    ['macro', 'tsdbt.date_trunc', 'duckdb', 'shop', 'macro.tsdbt.date_trunc'],
    ['macro', 'tsdbt.f', 'duckdb', 'shop', undefined],
  ] as const)('%s %s on %s from %s', (kind, name, engine, from, expected) => {
    expect(diagnostics).toEqual([])
    expect(registry.resolve(kind, name, engine, from)?.uniqueId).toBe(expected)
  })

  it('finds every definition by its id', () => {
    for (const definition of registry.all())
      expect(registry.get(definition.uniqueId)?.uniqueId).toBe(definition.uniqueId)
    expect(registry.get('macro.tsdbt.nope')).toBeUndefined()
  })

  it('reports two definitions of one name with both places', () => {
    const twice = definitions('{{#*macro f}}a{{/macro}}{{#*macro f}}b{{/macro}}', 'shop')
    const found = createMacroRegistry(twice, { projectName: 'shop', library }).diagnostics
    expect(found.map((d) => [d.code, d.span, d.labels?.[0]?.span])).toEqual([
      ['template/duplicate-macro', twice[1]!.nameSpan, twice[0]!.nameSpan],
    ])
  })
})
