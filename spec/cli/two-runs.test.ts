import { describe, expect, it } from 'vitest'
import { engines } from '../engines.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { jsonLines, makeFolder, type Ran, runCli } from './run-cli.ts'
import { on, shop } from './shop.ts'

const slow = {
  ...shop,
  'models/slow.sql':
    '{{config materialized="table"}}\nselect sum(a.n * b.n) as x from generate_series(1, 1000000) as a(n), generate_series(1, 1000000) as b(n)\n',
}

/** Runs the slow project and, as soon as its statement runs, `work`; then ends it by Ctrl-C. */
async function beside(cwd: string, work: (stop: () => void) => Promise<void>): Promise<Ran> {
  let working: Promise<void> | undefined
  const first = await runCli(['run', '-s', 'slow'], {
    cwd,
    watch(text, kill) {
      if (working !== undefined || !text.includes('START sql table model')) return
      const stop = () => kill('SIGINT')
      working = work(stop).finally(stop)
    },
  })
  await working
  return first
}

onEachDatabase((here) => {
  it('a second run is refused with the holder named, and leaves the first alone', async () => {
    const cwd = makeFolder(on(here.database, slow))
    let second: Ran | undefined
    let debugged: Ran | undefined
    let read: Ran | undefined
    const first = await beside(cwd, async () => {
      second = await runCli(['run', '-s', 'slow'], { cwd: makeFolder(on(here.database, slow)) })
      debugged = await runCli(['run', '-s', 'slow', '--log-format', 'json'], {
        cwd: makeFolder(on(here.database, slow)),
      })
      read = await runCli(['ls', '-s', 'slow'], { cwd })
    })
    expect(first.code).toBe(130)
    expect(second!.code).toBe(2)
    expect(second!.stderr).toMatch(/^error\[db\/(?:locked|target-held)\]: .*\b(?:PID|process)\b.*\d+/m)
    expect(second!.stderr).toContain('--wait')
    expect(debugged!.code).toBe(2)
    expect(jsonLines(debugged!.stdout).at(-1)!.info['name']).toBe('CommandCompleted')
    expect(read!.code).toBe(0)
  })

  it('a second run waits as long as `--wait` says, and then does its work', async () => {
    const cwd = makeFolder(on(here.database, slow))
    let second: Promise<Ran> | undefined
    const first = await beside(cwd, async (stop) => {
      const impatient = await runCli(['run', '-q', '-s', 'orders+', '--wait', '1s'], { cwd })
      expect(impatient.code).toBe(2)
      expect(impatient.stderr).toContain('after 1 s')
      second = runCli(['build', '-q', '--exclude', 'slow', '--wait', '5m'], { cwd: makeFolder(on(here.database)) })
      stop()
    })
    expect(first.code).toBe(130)
    expect(await second!).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('on a server', () => {
  const servers = engines.filter((engine) => engine.dialect.maxIdentifierBytes !== undefined)
  onEachDatabase((here) => {
    it('a run that was stopped leaves no statement, lock or connection behind', async () => {
      const cwd = makeFolder(on(here.database, slow))
      const { code } = await beside(cwd, async () => {})
      expect(code).toBe(130)
      const left = await here.database.sql(
        "select query from pg_stat_activity where application_name like 'tsdbt%' and query like '%generate_series%' and pid <> pg_backend_pid() and datname = current_database()",
      )
      expect(left).toEqual([])
      const locks = await here.database.sql(
        "select 1 from pg_locks l join pg_database d on d.oid = l.database where locktype = 'advisory' and datname = current_database()",
      )
      expect(locks).toEqual([])
    })

    it('two runs on two schemas of one database do not disturb each other', async () => {
      const cwd = makeFolder(on(here.database, slow))
      let second: Ran | undefined
      await beside(cwd, async () => {
        second = await runCli(['build', '-q'], { cwd: makeFolder(on(here.database, shop, { schema: 'other' })) })
      })
      expect(second).toEqual({ code: 0, stdout: '', stderr: '' })
    })
  }, servers)
})
