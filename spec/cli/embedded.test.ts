import { chmodSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'
import { shop } from './shop.ts'

const files = {
  ...shop,
  'profiles.yml': 'shop:\n  outputs:\n    dev: { type: postgres, embedded: true, schema: main, threads: 2 }\n',
}

it('a target that is embedded needs no server: it starts with the command, ends with the last, and keeps its data', async () => {
  const cwd = makeFolder(files)
  // Root's server runs as another account, which has to enter the folder.
  chmodSync(cwd, 0o755)
  const pidFile = join(cwd, '.tsdbt/postgres/data/postmaster.pid')
  const built = await runCli(['build'], { cwd })
  expect(built.stdout).toMatch(/Done\. PASS=4 WARN=1 ERROR=0 /)
  expect(existsSync(join(dirname(pidFile), 'PG_VERSION'))).toBe(true)
  expect(existsSync(pidFile)).toBe(false)

  // The first is killed while the other waits for it: nobody stops the server under the second.
  let other: ReturnType<typeof runCli> | undefined
  const killed = await runCli(['build'], {
    cwd,
    watch(text, kill) {
      if (other !== undefined || !text.includes('START')) return
      other = runCli(['build', '--wait', '1m'], { cwd })
      kill('SIGKILL')
    },
  })
  expect(killed.code).toBe(null)
  expect((await other!).stdout).toMatch(/Done\. PASS=4 WARN=1 ERROR=0 /)
  expect(existsSync(pidFile)).toBe(false)

  const shown = await runCli(['show', '--inline', 'select count(*) as orders from {{ref "orders"}}'], { cwd })
  expect(shown.stdout).toMatch(/orders[\s\S]*3/)
  expect(existsSync(pidFile)).toBe(false)
})
