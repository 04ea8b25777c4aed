import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { jsonLines, makeFolder, runCli, steady } from './run-cli.ts'
import { failingShop, on, shop } from './shop.ts'

const TABLES = 'select table_name from information_schema.tables'

onEachDatabase((here) => {
  describe('the text of a build', () => {
    it('puts progress on stderr; warnings and the counts on stdout, the counts last', async () => {
      const { code, stdout, stderr } = await runCli(['build'], { cwd: makeFolder(on(here.database)) })
      expect(steady(stdout)).toBe(`HH:MM:SS  Warning in test not_null_orders_amount (models/models.yml)
HH:MM:SS  Got 1 result, configured to warn if != 0
HH:MM:SS  Done. PASS=4 WARN=1 ERROR=0 SKIP=0 NO-OP=0 TOTAL=5
`)
      const lines = steady(stderr).split('\n')
      expect(lines[0]).toMatch(/^HH:MM:SS {2}Running with tsdbt=\d+\.\d+\.\d+$/)
      expect(lines.slice(1, 13)).toEqual([
        'HH:MM:SS  Found 2 models, 1 seed, 2 tests',
        "HH:MM:SS  Concurrency: 1 thread (target='dev')",
        'HH:MM:SS  1 of 5 START seed file main.raw_orders ......................................... [RUN]',
        'HH:MM:SS  1 of 5 OK loaded seed file main.raw_orders ..................................... [INSERT 3 in 0.00s]',
        'HH:MM:SS  2 of 5 START sql table model main.orders ....................................... [RUN]',
        // Both are answered by one scan.
        expect.stringMatching(/^HH:MM:SS {2}3 of 5 START test /),
        expect.stringMatching(/^HH:MM:SS {2}4 of 5 START test /),
        expect.stringMatching(/^HH:MM:SS {2}[34] of 5 (WARN 1|PASS) /),
        expect.stringMatching(/^HH:MM:SS {2}[34] of 5 (WARN 1|PASS) /),
        'HH:MM:SS  2 of 5 OK created sql table model main.orders .................................. [OK in 0.00s]',
        'HH:MM:SS  5 of 5 START sql view model main.totals ........................................ [RUN]',
        'HH:MM:SS  5 of 5 OK created sql view model main.totals ................................... [OK in 0.00s]',
      ])
      expect(stderr).toMatch(/warning\[[a-z-]+\/[a-z-]+\]: /)
      expect(steady(stderr)).toContain(
        'HH:MM:SS  Finished running 1 seed, 2 tests, 1 table model, 1 view model in 0.00s.\n',
      )
      expect(steady(stderr)).toMatch(/HH:MM:SS {2}Completed with 1 warning\n$/)
      expect(code).toBe(0)
    })

    it('shows a failing test where it is declared, with its rows, and exits with 1', async () => {
      const cwd = makeFolder(on(here.database, failingShop))
      const { code, stdout, stderr } = await runCli(['build'], { cwd })
      expect(code).toBe(1)
      expect(steady(stdout)).toBe('HH:MM:SS  Done. PASS=1 WARN=0 ERROR=2 SKIP=1 NO-OP=0 TOTAL=4\n')
      expect(stderr).toContain(' --> models/models.yml:5:17\n')
      expect(stderr).toMatch(/\| amount \| id \| status \|/)
      expect(stderr).toMatch(/see: target\/compiled\/shop\//)
      expect(stderr).toMatch(/SKIP relation main\.totals \.+ \[SKIP\]/)
      expect(stderr).toMatch(/ERROR creating sql table model main\.orders/)
      expect(stderr.match(/^error\[/gm)).toHaveLength(1)
      expect(stderr).toMatch(/Completed with 2 errors\n$/)
    })

    it('says nothing but errors when it is quiet', async () => {
      expect(await runCli(['build', '--quiet'], { cwd: makeFolder(on(here.database)) })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      const { code, stdout, stderr } = await runCli(['build', '-q'], {
        cwd: makeFolder(on(here.database, failingShop)),
      })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error\[/)
    })

    it('warns about a selector that matches nothing, with the nearest name, and exits with 0', async () => {
      const { code, stdout, stderr } = await runCli(['build', '--select', 'oders'], {
        cwd: makeFolder(on(here.database)),
      })
      expect(code).toBe(0)
      expect(stderr).toMatch(/^warning\[/m)
      expect(stderr).toContain('`orders`')
      expect(steady(stdout)).toBe('HH:MM:SS  Done. PASS=0 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=0\n')
    })

    it('shows every statement when it debugs, and loads seeds to show', async () => {
      const debug = await runCli(['run', '--debug', '-s', 'orders'], { cwd: makeFolder(on(here.database)) })
      expect(debug.stderr).toMatch(/On model\.shop\.orders: .*create/i)
      const seed = await runCli(['seed', '--show'], { cwd: makeFolder(on(here.database)) })
      expect(seed.stdout).toContain('|  1 | done   |     10 |\n')
      expect(seed.stdout).toMatch(/Done\. PASS=1 .* TOTAL=1\n$/)
    })

    it('prints the plan of a dry run on stdout and changes nothing', async () => {
      const cwd = makeFolder(on(here.database))
      const { code, stdout } = await runCli(['build', '--dry-run'], { cwd })
      expect(code).toBe(0)
      expect(stdout).toMatch(
        /^unit 1 of 3, in one transaction\n {2}change {4}seed\.shop\.raw_orders \(seed\)\n {14}load seed\n/,
      )
      expect(stdout).toMatch(/ {2}audit {5}test\.shop\.unique_orders_id\./)
      expect(stdout).not.toContain('Done.')
      expect(await here.database.sql(`${TABLES} where table_schema = 'main'`)).toEqual([])
    })
  })

  describe('the JSON log of a build', () => {
    it('is JSON in every line, with the events that orchestrators follow', async () => {
      const cwd = makeFolder(on(here.database, failingShop))
      const { code, stdout, stderr } = await runCli(['build', '--log-format', 'json'], { cwd })
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      const lines = jsonLines(stdout)
      const names = lines.map((line) => line.info['name'])
      expect(names[0]).toBe('MainReportVersion')
      for (const name of [
        'NodeStart',
        'NodeCompiling',
        'NodeExecuting',
        'NodeFinished',
        'LogSeedResult',
        'LogModelResult',
        'LogTestResult',
        'SkippingDetails',
        'RunResultFailure',
        'ArtifactWritten',
        'EndOfRunSummary',
        'StatsLine',
        'CommandCompleted',
      ]) {
        expect(names).toContain(name)
      }
      expect(new Set(lines.map((line) => line.info['invocation_id'])).size).toBe(1)
      const runResults = JSON.parse(readFileSync(join(cwd, 'target/run_results.json'), 'utf8'))
      expect(runResults.metadata.invocation_id).toBe(lines[0]!.info['invocation_id'])
      const failed = lines.find((line) => line.info['name'] === 'LogTestResult')!
      expect(failed.info['level']).toBe('error')
      expect(failed.data).toMatchObject({
        status: 'fail',
        num_failures: 1,
        node_info: { node_status: 'fail', resource_type: 'test' },
      })
      const finished = lines.filter((line) => line.info['name'] === 'NodeFinished')
      expect(finished).toHaveLength(4)
      for (const line of finished) {
        expect(line.data['node_info']).toMatchObject({
          unique_id: expect.any(String),
          node_started_at: expect.stringMatching(/T[\d:]+\.\d{6}$/),
          node_finished_at: expect.stringMatching(/T[\d:]+\.\d{6}$/),
          node_checksum: expect.any(String),
          node_relation: { database: expect.stringMatching(/./), schema: expect.stringMatching(/^main/) },
        })
        expect(line.data['run_result']).toHaveProperty('message')
      }
      expect(lines.at(-1)!.data).toMatchObject({ success: false, completed_at: expect.any(String) })
    })

    it('has no line of level error when all is well', async () => {
      const { code, stdout } = await runCli(['build'], {
        cwd: makeFolder(on(here.database)),
        env: { DBT_LOG_FORMAT: 'json' },
      })
      expect(code).toBe(0)
      expect(jsonLines(stdout).filter((line) => line.info['level'] === 'error')).toEqual([])
    })
  })

  describe('the log file', () => {
    it('is dbt.log in the given folder, JSON in every line, with the statements', async () => {
      const cwd = makeFolder(on(here.database))
      const argv = [
        '--log-format-file',
        'json',
        '--log-level-file',
        'debug',
        '--log-path',
        'out',
        'build',
        '--write-json',
      ]
      const { code, stdout } = await runCli(argv, { cwd })
      expect(code).toBe(0)
      expect(stdout).toContain('Done. PASS=4')
      const lines = jsonLines(readFileSync(join(cwd, 'out/dbt.log'), 'utf8'))
      const names = new Set(lines.map((line) => line.info['name']))
      for (const name of [
        'MainReportVersion',
        'NodeStart',
        'SQLQuery',
        'SQLQueryStatus',
        'NodeFinished',
        'ArtifactWritten',
        'CommandCompleted',
      ])
        expect(names).toContain(name)
      expect(lines[0]!.data['version']).toMatch(/^=\d+\.\d+\.\d+$/)
    })

    it('is not written unless asked for, and starts anew at its limit', async () => {
      const cwd = makeFolder(on(here.database))
      await runCli(['parse'], { cwd })
      expect(existsSync(join(cwd, 'logs'))).toBe(false)
      await runCli(['build', '--log-file-max-bytes', '2000'], { cwd })
      expect(readFileSync(join(cwd, 'logs/dbt.log')).length).toBeLessThanOrEqual(2000)
      expect(existsSync(join(cwd, 'logs/dbt.log.1'))).toBe(true)
    })

    it('does not stop a command that it cannot accompany', async () => {
      const { code, stderr } = await runCli(['parse', '--log-path', 'models/orders.sql'], {
        cwd: makeFolder(on(here.database)),
      })
      expect(code).toBe(0)
      expect(stderr).toContain('warning[cli/log-not-writable]')
    })
  })

  describe('the end of a process', () => {
    const slow = {
      ...shop,
      'models/totals.sql':
        '{{config materialized="table"}}\nselect sum(a.n * b.n) as x from generate_series(1, 1000000) as a(n), generate_series(1, 1000000) as b(n)\n',
    }

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('%s stops the run, writes the results and gives %d', async (signal, expected) => {
      const cwd = makeFolder(on(here.database, slow))
      let sent = false
      const { code, stderr } = await runCli(['run', '--select', 'totals'], {
        cwd,
        watch: (text, kill) => {
          if (!sent && text.includes('START sql table model')) {
            sent = true
            kill(signal)
          }
        },
      })
      expect(code).toBe(expected)
      expect(stderr).toContain('Stopping')
      expect(existsSync(join(cwd, 'target/run_results.json'))).toBe(true)
      expect(await here.database.sql(`${TABLES} where table_schema = 'main'`)).toEqual([])
    })

    it('closes quietly when nobody reads its stdout', async () => {
      const cwd = makeFolder(on(here.database))
      const { spawnSync } = await import('node:child_process')
      const { cli } = await import('./run-cli.ts')
      const command = `"${process.execPath}" "${cli}" ls --output json | true; echo "\${PIPESTATUS[0]}"`
      const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8' })
      expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' })
    })
  })
})
