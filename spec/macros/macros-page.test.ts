import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../src/macros/', import.meta.url)
const page = readFileSync(new URL('../../docs/macros.md', import.meta.url), 'utf8')

interface Opening {
  readonly file: string
  readonly kind: string
  readonly engine: string | undefined
  readonly name: string
  readonly signature: string
  readonly described: boolean
}

/** Every definition of the library by its opening tag, and whether a comment stands right before it. */
const openings: readonly Opening[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    return [...text.matchAll(/\{\{#\*(macro|test) (?:(duckdb|postgres)\.)?(\w+)([^}]*)\}\}/g)].map((match) => ({
      file,
      kind: match[1]!,
      engine: match[2],
      name: match[3]!,
      signature: `${match[3]}${match[4]}`,
      described: text.slice(0, match.index).trimEnd().endsWith('--}}'),
    }))
  })
const shown = openings.filter((o) => !o.name.startsWith('_'))

describe('docs/macros.md', () => {
  it.each([...new Set(shown.map((o) => o.signature))])('lists `%s`', (signature) => {
    expect(page).toContain(`\n| \`${signature}\` |`)
  })

  it('lists nothing that is not there', () => {
    const listed = [...page.matchAll(/^\| `(\w[^`]*)` \|/gm)].map((match) => match[1]!)
    const known = new Set(shown.map((o) => o.signature))
    expect(listed.filter((signature) => !known.has(signature))).toEqual([])
    expect(new Set(listed).size).toBe(listed.length)
  })
})

describe('the library', () => {
  it('is there', () => {
    expect(shown.length).toBeGreaterThan(80)
  })

  it('gives a macro the same parameters on every engine, and a form for each', () => {
    for (const [name, forms] of groupByName()) {
      expect(new Set(forms.map((o) => o.signature)).size, name).toBe(1)
      const engines = forms.map((o) => o.engine)
      expect(engines.includes(undefined) || (engines.includes('duckdb') && engines.includes('postgres')), name).toBe(
        true,
      )
    }
  })

  it('has a test for each macro', () => {
    // What needs a whole project is tested beside the warehouse.
    const folders = ['./', '../warehouse/'].map((folder) => new URL(folder, import.meta.url))
    const text = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.test.ts') && file !== 'macros-page.test.ts')
        .map((file) => readFileSync(new URL(file, folder), 'utf8')),
    )
    const all = text.join('')
    expect(shown.map((o) => o.name).filter((name) => !new RegExp(`\\b${name}\\b`).test(all))).toEqual([])
  })

  it('describes each macro before its first form', () => {
    const first = [...groupByName().values()].map((forms) => forms[0]!)
    const bare = first.filter((o) => !o.described)
    expect(bare.map((o) => `${o.file}: ${o.name}`)).toEqual([])
  })
})

function groupByName(): ReadonlyMap<string, readonly Opening[]> {
  const groups = new Map<string, Opening[]>()
  for (const opening of openings) groups.set(opening.name, [...(groups.get(opening.name) ?? []), opening])
  return groups
}
