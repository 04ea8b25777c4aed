import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SourceFile } from '../../src/base/source-file.ts'
import { readPropertyFile } from '../../src/config/property-file.ts'

const page = readFileSync(new URL('../../docs/hyper.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1]!)

it.each(blocks)('the page of .hyper files shows YAML that is read: %s', (text) => {
  const file = readPropertyFile(new SourceFile('models/exports.yml', text), (scalar) => scalar)
  expect(file.diagnostics).toEqual([])
  expect(file.exports.map((e) => e.choice.format)).toEqual(['hyper'])
})

it('the page of .hyper files names every option', () => {
  const rows = [
    ...page
      .split('## Options')[1]!
      .split('##')[0]!
      .matchAll(/^\| `(\w+)` \|/gm),
  ].map((m) => m[1]!)
  const options = readFileSync(new URL('../../src/config/exports/hyper-options.ts', import.meta.url), 'utf8')
  const lists = [...options.matchAll(/KEYS = \[(.*?)\]/gs)].map((m) => m[1]!).join()
  const keys = [...lists.matchAll(/'(\w+)'/g)].map((m) => m[1]!)
  expect([...rows].sort()).toEqual([...keys].sort())
})
