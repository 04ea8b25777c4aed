import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { findBreaches } from '../scripts/layers.mjs'

it('imports go downward only, without cycles', () => {
  expect(findBreaches(fileURLToPath(new URL('../src', import.meta.url)))).toEqual([])
})

it('finds what the table forbids', () => {
  const root = mkdtempSync(join(tmpdir(), 'layers-'))
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('base/a.ts', "import type { B } from '../graph/b.ts'\n")
  write('graph/b.ts', "import { c } from './c.ts'\n")
  write('graph/c.ts', "export { b } from './b.ts'\n")
  write('compile/d.ts', "import { x } from '../adapters/x.ts'\nimport type { y } from '../adapters/x.ts'\n")
  write('adapters/x.ts', '')
  write('odd/e.ts', "const f = await import('../base/a.ts')\n")
  const breaches = findBreaches(root)
  rmSync(root, { recursive: true })
  expect(breaches).toEqual([
    'base/a.ts imports graph/b.ts: base may not import graph',
    'compile/d.ts imports adapters/x.ts: compile may import only types of adapters',
    'odd/e.ts: folder odd is not in the layer table',
    'import cycle: graph/b.ts -> graph/c.ts -> graph/b.ts',
  ])
})
