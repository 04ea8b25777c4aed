import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

it('says that the folder in which it was started is gone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-gone-'))
  const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" build'
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', folder, process.execPath, cli], {
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^error\[cli\/working-folder-gone\]: [^\n]+\nhint: [^\n]+\n$/)
})
