import { describe, expect, it } from 'vitest'
import { SourceSet } from '../base/source-file.ts'
import { loadMacroLibrary } from './library.ts'

describe('the built-in library', () => {
  const files = new SourceSet()
  const library = loadMacroLibrary(files)

  it('finds a macro by name, with the override of an engine first', () => {
    expect(library.find('macro', 'date_trunc', 'duckdb')?.uniqueId).toBe('macro.tsdbt.date_trunc')
    expect(library.find('macro', 'no_such_macro', 'duckdb')).toBeUndefined()
    const [engine] = library.enginesOf('macro', 'datediff')
    expect(library.find('macro', 'datediff', engine!)?.engine).toBe(engine)
  })

  it('parses every file, and gives its files to the diagnostics', () => {
    const all = library.all()
    expect(new Set(all.map((d) => d.uniqueId)).size).toBe(all.length)
    expect(all.map((d) => d.name)).toEqual(
      expect.arrayContaining([...library.names('macro'), ...library.names('test')]),
    )
    for (const { file } of all) expect(files.get(file.path)).toBe(file)
  })
})
