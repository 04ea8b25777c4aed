import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds `dist/` before the tests, unless nothing in `src/` is newer, so that specs run what users run. */
export function setup(): void {
  const built = join(root, 'dist/cli.js')
  if (existsSync(built) && statSync(built).mtimeMs > newest(join(root, 'src'))) return
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', '--no-types'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the bundle could not be built:\n${stderr}`)
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)
}
