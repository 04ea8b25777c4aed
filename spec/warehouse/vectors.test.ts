import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { onEachDatabase } from '../on-each-database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

onEachDatabase((here) => {
  it('holds the unit tests of the warehouse before anything of it is built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsdbt-vectors-'))
    try {
      const target = JSON.stringify({ ...here.database.target, threads: 4 })
      writeFileSync(join(folder, 'profiles.yml'), `warehouse:\n  target: dev\n  outputs:\n    dev: ${target}\n`)
      const engine = await Engine.open({
        projectDir: root,
        profilesDir: folder,
        targetPath: join(folder, 'target'),
        env: {},
      })
      const report = await engine.test({ select: ['test_type:unit'] })
      const wrong = report.results.filter((r) => r.status !== 'pass').map((r) => `${r.uniqueId}: ${r.message}`)
      expect(wrong).toEqual([])
      expect(report.results.length).toBeGreaterThan(10)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
