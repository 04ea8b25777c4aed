#!/usr/bin/env node
import { version } from '../base/version.ts'

const argv = process.argv.slice(2)
// dbt's callers ask for the version before every call, so this way loads nothing else.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V' || argv[0] === '-v')) {
  process.stdout.write(`tsdbt ${version}\n`)
} else {
  // Node 22 keeps the compiled bundle between runs; Node 20 has no such cache.
  const { enableCompileCache } = (await import('node:module')) as { enableCompileCache?: () => void }
  enableCompileCache?.()
  const { runProcess } = await import('./run-process.ts')
  await runProcess(argv)
}
