import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SourceFile } from '../../src/base/source-file.ts'
import { parseTemplate } from '../../src/template/parse-template.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

function problems(text: string): string[] {
  const { diagnostics } = parseTemplate(new SourceFile('example.sql', text), { packageName: 'docs' })
  return diagnostics.map((d) => `${d.code}: ${d.message}`)
}

const blocks = [
  'language.md',
  'macros.md',
  'microbatch.md',
  'postgres.md',
  'resources.md',
  'snapshots.md',
  'warehouse.md',
].flatMap((name) => [...page(name).matchAll(/```sql\n([\s\S]*?)```/g)].map((m) => [name, m[1]!] as const))

/** The right-hand side of the table of syntax: what tsdbt's users write. */
const table = [...page('dbt.md').matchAll(/^\| `.*?` \| (.*) \|$/gm)].flatMap((row) =>
  [...row[1]!.matchAll(/`([^`]*\{\{[^`]*)`/g)].map((m) => m[1]!.replaceAll('\\|', '|')),
)

describe('templates in the documentation', () => {
  it('are found', () => {
    expect(blocks.length).toBeGreaterThan(5)
    expect(table.length).toBeGreaterThan(15)
  })

  it.each(blocks)('%s: %s', (_, text) => expect(problems(text)).toEqual([]))

  it.each(table)('dbt.md: %s', (text) => expect(problems(text)).toEqual([]))
})
