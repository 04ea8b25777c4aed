import { expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { makeFolder, runCli } from './run-cli.ts'
import { failingShop, on, shop } from './shop.ts'

const STAGED = "select table_name from information_schema.tables where table_name like '%\\_\\_tsdbt\\_%' escape '\\'"

onEachDatabase((here) => {
  const start = (files = shop) => makeFolder(on(here.database, files))
  const counts = (stdout: string) => /Done\. (.*)\n$/.exec(stdout)?.[1]
  /** Rows of a table of the schema `main` or another, as numbers. */
  const count = async (relation: string) => Number((await here.database.sql(`select count(*) from ${relation}`))[0]![0])

  it('`--full-refresh` makes an incremental model anew', async () => {
    const model = (id: number) => ({
      ...shop,
      'models/grown.sql': `{{config materialized="incremental" unique_key="id"}}\nselect ${id} as id\n`,
    })
    expect((await runCli(['run', '-q', '-s', 'grown'], { cwd: start(model(1)) })).code).toBe(0)
    expect((await runCli(['run', '-q', '-s', 'grown'], { cwd: start(model(2)) })).code).toBe(0)
    expect(await count('main.grown')).toBe(2)
    expect((await runCli(['run', '-q', '-s', 'grown', '--full-refresh'], { cwd: start(model(2)) })).code).toBe(0)
    expect(await count('main.grown')).toBe(1)
  })

  it('`--fail-fast` skips what has not begun when something fails', async () => {
    const files = {
      ...shop,
      'models/a.sql': 'select nothing from {{ref "raw_orders"}}',
      'models/z.sql': 'select id from {{ref "orders"}}',
    }
    const going = await runCli(['build'], { cwd: start(files) })
    expect(going.code).toBe(1)
    expect(going.stdout).toContain('Done. PASS=5 WARN=1 ERROR=1 SKIP=0')
    const fast = await runCli(['build', '--fail-fast'], { cwd: start(files) })
    expect(fast.code).toBe(1)
    expect(fast.stdout).toMatch(/Done\. PASS=\d WARN=\d ERROR=1 SKIP=[1-9]/)
  })

  it('`--store-failures` keeps the bad rows', async () => {
    const { code } = await runCli(['build', '--store-failures'], { cwd: start(failingShop) })
    expect(code).toBe(1)
    expect(await count('main_dbt_test__audit.not_null_orders_amount')).toBe(1)
  })

  it('`--select`, `--exclude` and `--resource-type` choose nodes', async () => {
    const cwd = start()
    expect(counts((await runCli(['build', '--select', '+orders'], { cwd })).stdout)).toMatch(
      /^PASS=3 WARN=1 .*TOTAL=4$/,
    )
    expect(counts((await runCli(['build', '--exclude', 'orders+'], { cwd })).stdout)).toMatch(/TOTAL=1$/)
    expect(counts((await runCli(['build', '--resource-type', 'model'], { cwd })).stdout)).toMatch(/TOTAL=2$/)
    expect(counts((await runCli(['test'], { cwd })).stdout)).toBe('PASS=1 WARN=1 ERROR=0 SKIP=0 NO-OP=0 TOTAL=2')
    expect(counts((await runCli(['seed'], { cwd })).stdout)).toMatch(/^PASS=1 .*TOTAL=1$/)
  })

  it('`--empty` builds every relation without rows', async () => {
    const { code } = await runCli(['run', '--empty'], { cwd: start() })
    expect(code).toBe(1)
    const cwd = start()
    expect((await runCli(['seed', '-q'], { cwd })).code).toBe(0)
    expect((await runCli(['run', '-q', '--empty'], { cwd })).code).toBe(0)
    expect([await count('main.orders'), await count('main.raw_orders')]).toEqual([0, 3])
  })

  it('`--threads` and `--target` are those of the run', async () => {
    const files = on(here.database, shop)
    const target = JSON.stringify({ ...here.database.target, threads: 1 })
    const other = JSON.stringify({ ...here.database.target, schema: 'other' })
    const profiles = `shop:\n  target: dev\n  outputs:\n    dev: ${target}\n    other: ${other}\n`
    const cwd = makeFolder({ ...files, 'profiles.yml': profiles })
    const { code, stderr } = await runCli(['build', '--threads', '3', '--target', 'other'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain("Concurrency: 3 threads (target='other')")
    expect(await count('other.orders')).toBe(3)
    const known = await here.database.sql(
      "select table_name from information_schema.tables where table_schema = 'main'",
    )
    expect(known).toEqual([])
  })

  it('`--all-or-nothing` publishes nothing when one model fails', async () => {
    const files = { ...shop, 'models/wrong.sql': 'select nothing from {{ref "totals"}}' }
    const { code } = await runCli(['build', '--all-or-nothing', '-q'], { cwd: start(files) })
    expect(code).toBe(1)
    const known = await here.database.sql(
      "select table_name from information_schema.tables where table_schema = 'main'",
    )
    expect(known).toEqual([])
    expect(await here.database.sql(STAGED)).toEqual([])
    expect((await runCli(['build', '--all-or-nothing', '-q'], { cwd: start() })).code).toBe(0)
    expect(await count('main.totals')).toBe(2)
  })

  it('`--warn-error` makes a warning a failure that holds back what was built', async () => {
    const { code, stdout } = await runCli(['build', '--warn-error'], { cwd: start() })
    expect(code).toBe(1)
    expect(stdout).toMatch(/WARN=0 ERROR=2 SKIP=1/)
    const known = await here.database.sql(
      "select table_name from information_schema.tables where table_schema = 'main'",
    )
    expect(known).toEqual([['raw_orders']])
  })

  it('`--warn-error` stops at warnings that are found before a project is read', async () => {
    const files = { ...shop, '.env': 'no value\n', 'project.yml': `${shop['project.yml']}flags: { fail_fats: true }\n` }
    const cwd = start(files)
    for (const command of ['deps', 'run']) {
      const { code, stdout, stderr } = await runCli([command, '--warn-error'], { cwd })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr.match(/^error\[.*?\]/gm)).toEqual(['error[cli/unknown-flag]', 'error[cli/env-file]'])
    }
    const options = '{error: all, silence: [cli/env-file, cli/unknown-flag]}'
    const silent = await runCli(['deps', '--warn-error-options', options], { cwd })
    expect(silent.code).toBe(2)
    expect(silent.stderr.match(/^error\[.*?\]/gm)).toEqual(['error[deps/no-packages]'])
  })

  it('`debug` checks each thing that a run needs, and leaves nothing', async () => {
    const { code, stdout, stderr } = await runCli(['debug'], { cwd: start() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/^\w+ +ok /gm)).toHaveLength(7)
    expect(stdout).toContain(`schema \`main\` in \`${here.database.name}\``)
    expect(await here.database.sql(STAGED)).toEqual([])
  })

  it('a project of `init` builds', async () => {
    const cwd = makeFolder({})
    expect((await runCli(['init', 'shop'], { cwd })).code).toBe(0)
    const profiles = `shop:\n  outputs:\n    dev: ${JSON.stringify(here.database.target)}\n`
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${cwd}/shop/profiles.yml`, profiles)
    const { code, stdout } = await runCli(['build'], { cwd: `${cwd}/shop` })
    expect(counts(stdout)).toBe('PASS=9 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=9')
    expect(code).toBe(0)
  })
})
