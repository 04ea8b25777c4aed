import { describe, expect, it } from 'vitest'
import { jsonLines, makeFolder, runCli } from './run-cli.ts'

const run = (argv: string[], env: Record<string, string> = {}) => runCli(argv, { cwd: makeFolder(), env })

describe('tsdbt', () => {
  it('prints its help when it is called alone', async () => {
    const { code, stdout, stderr } = await run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: tsdbt <command> \[options\]\n/)
    for (const command of [
      'init',
      'debug',
      'parse',
      'compile',
      'ls|list',
      'show',
      'run',
      'test',
      'seed',
      'snapshot',
      'load',
      'build',
      'clean',
      'run-operation',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command.replace('|', '\\|')}\\b`, 'm'))
    }
  })

  it.each([['--version'], ['-V'], ['-v'], ['--no-color', '--version']])(
    'prints a version that dbt’s callers read: %s',
    async (...argv) => {
      const { code, stdout, stderr } = await run(argv)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^tsdbt \d+\.\d+\.\d+\n$/)
      // Below 2 dagster reads the result events of dbt Core, which are the ones of the JSON log.
      expect(Number(/(\d+)\.\d+\.\d+/.exec(stdout)![1])).toBeLessThan(2)
      expect(stdout).not.toContain('dbt-fusion')
    },
  )

  it.each([
    ['build', '--help'],
    ['help', 'build'],
  ])('prints the help of a command on stdout: %s %s', async (...argv) => {
    const { code, stdout } = await run(argv)
    expect(code).toBe(0)
    expect(stdout).toContain('--full-refresh')
    expect(stdout).toContain('--target <name>')
  })
})

describe('a wrong command line gives one diagnostic and exit code 2', () => {
  it.each([
    [
      ['buidl'],
      'error[cli/unknown-command]: unknown command `buidl`\n --> <command line>:1:7\n  |\n1 | tsdbt buidl\n  |       ^^^^^\nhint: did you mean `build`?\n',
    ],
    [
      ['build', '--selct', 'x'],
      'error[cli/unknown-option]: `tsdbt build` has no option `--selct`\n --> <command line>:1:13\n  |\n1 | tsdbt build --selct x\n  |             ^^^^^^^\nhint: did you mean `--select`?\n',
    ],
    [
      ['--treads=4', 'build'],
      'error[cli/unknown-option]: unknown option `--treads`\n --> <command line>:1:7\n  |\n1 | tsdbt --treads=4 build\n  |       ^^^^^^^^^^\nhint: did you mean `--threads`?\n',
    ],
    [
      ['--select', 'a', 'run'],
      'error[cli/option-before-command]: `--select` belongs to a command and must stand behind its name\n --> <command line>:1:7\n  |\n1 | tsdbt --select a run\n  |       ^^^^^^^^\nhint: for example `tsdbt run --select …`\n',
    ],
    [
      ['build', 'orders'],
      'error[cli/extra-argument]: `tsdbt build` takes no arguments, but `orders` was given\n --> <command line>:1:13\n  |\n1 | tsdbt build orders\n  |             ^^^^^^\nhint: to choose nodes: `tsdbt build --select orders`\n',
    ],
    [
      ['run', '--threads', 'many'],
      'error[cli/wrong-value]: `--threads` must be a whole number from 1, not `many`\n --> <command line>:1:21\n  |\n1 | tsdbt run --threads many\n  |                     ^^^^\n',
    ],
    [
      ['show', '--limit=1.5', '-s', 'a'],
      'error[cli/wrong-value]: `--limit` must be a whole number, or -1 for all, not `1.5`\n --> <command line>:1:12\n  |\n1 | tsdbt show --limit=1.5 -s a\n  |            ^^^^^^^^^^^\n',
    ],
    [
      ['build', '--wait', 'long'],
      'error[cli/wrong-value]: `--wait` must be a time such as `30s`, `10m` or `1h30m`, not `long`\n --> <command line>:1:20\n  |\n1 | tsdbt build --wait long\n  |                    ^^^^\n',
    ],
    [
      ['ls', '--output', 'jsn'],
      'error[cli/wrong-value]: `--output` must be one of `selector`, `name`, `path`, `json`, not `jsn`\n --> <command line>:1:19\n  |\n1 | tsdbt ls --output jsn\n  |                   ^^^\nhint: did you mean `json`?\n',
    ],
    [
      ['build', '--select'],
      'error[cli/missing-value]: `--select` needs a value\n --> <command line>:1:13\n  |\n1 | tsdbt build --select\n  |             ^^^^^^^^\n',
    ],
    [
      ['run-operation'],
      "error[cli/missing-argument]: `tsdbt run-operation` needs the name of a macro, or `--sql`\nhint: for example `tsdbt run-operation my_macro --args '{name: value}'`\n",
    ],
    [
      ['show'],
      'error[cli/missing-argument]: `tsdbt show` needs `--select` or `--inline`\nhint: for example `tsdbt show --select orders`\n',
    ],
  ])('%j', async (argv, expected) => {
    const { code, stdout, stderr } = await run(argv)
    expect(stderr).toBe(expected)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('names the environment variable that is wrong', async () => {
    const { code, stderr } = await run(['build'], { DBT_INDIRECT_SELECTION: 'egaer' })
    expect(code).toBe(2)
    expect(stderr).toBe(
      'error[cli/wrong-value]: `DBT_INDIRECT_SELECTION` must be one of `eager`, `cautious`, `buildable`, `empty`, not `egaer`\nhint: did you mean `eager`?\n',
    )
  })

  it('reports every wrong value and counts them', async () => {
    const { stderr } = await run(['build', '--threads', '0', '--printer-width', 'x'])
    expect(stderr.match(/error\[cli\/wrong-value\]/g)).toHaveLength(2)
    expect(stderr).toMatch(/\n\n2 errors\n$/)
  })

  it('keeps a JSON log JSON', async () => {
    const { code, stdout, stderr } = await run(['build', '--bad', '--log-format', 'json'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    const [line] = jsonLines(stdout)
    expect(line!.info).toMatchObject({ name: 'MainEncounteredError', level: 'error' })
    expect(line!.data).toMatchObject({ code: 'cli/unknown-option', line: 1, column: 13 })
  })

  it('colours only when asked in a pipe', async () => {
    expect((await run(['buidl'])).stderr).not.toContain('\x1b[')
    expect((await run(['buidl'], { FORCE_COLOR: '1' })).stderr).toContain('\x1b[')
    expect((await run(['--color', 'buidl'], { NO_COLOR: '1' })).stderr).not.toContain('\x1b[')
    expect((await run(['--no-color', 'buidl'], { FORCE_COLOR: '1' })).stderr).not.toContain('\x1b[')
  })
})

describe('`flags:` of the project', () => {
  it('set what neither the command line nor the environment says', async () => {
    const cwd = makeFolder({
      'project.yml':
        'name: shop\nprofile: shop\nflags:\n  log_format: json\n  use_colors: true\n  partial_parse: false\n',
    })
    expect(jsonLines((await runCli(['debug'], { cwd })).stdout)[0]!.info).toMatchObject({ name: 'DebugCmdOut' })
    expect((await runCli(['debug'], { cwd, env: { DBT_LOG_FORMAT: 'text' } })).stderr).toContain('\x1b[')
    expect((await runCli(['debug', '--log-format', 'text', '--no-color'], { cwd })).stdout).toMatch(/^versions/)
  })

  it('are checked where they stand', async () => {
    const cwd = makeFolder({ 'project.yml': 'name: shop\nprofile: shop\nflags:\n  printer_width: wide\n' })
    const { code, stderr } = await runCli(['build'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toBe(
      'error[cli/wrong-value]: `printer_width` must be a whole number from 20, not `wide`\n --> project.yml:4:18\n  |\n4 |   printer_width: wide\n  |                  ^^^^\n',
    )
  })
})
