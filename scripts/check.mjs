// `npm run check`: format and lint, types, layers, dead exports. Runs all of them, then says which failed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findBreaches } from './layers.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const failed = []

function tool(name, args) {
  const { status } = spawnSync('npx', ['--no-install', ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) failed.push(name)
}

tool('biome', ['biome', 'ci', '--colors=off'])
tool('types', ['tsc', '-p', '.'])
const breaches = findBreaches(fileURLToPath(new URL('../src', import.meta.url)))
for (const breach of breaches) console.error(breach)
if (breaches.length > 0) failed.push('layers')
tool('dead exports', ['knip', '--no-progress'])

if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
console.log('check passed')
