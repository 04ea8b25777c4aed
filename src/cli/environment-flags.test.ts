import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CommandLine } from './command-line.ts'
import { readEnvironment } from './environment.ts'
import { type Flag, type FlagValue, type FlagValues, variablesOf } from './flag.ts'
import { globalFlags } from './flags.ts'
import { parseArgv } from './parse-argv.ts'
import { withProjectDefaults } from './project-defaults.ts'
import { type Verb, verbs } from './verbs.ts'

/** A text for the flag, and what it becomes. */
function sample({ kind }: Flag): readonly [text: string, value: FlagValue] {
  switch (kind.is) {
    case 'text':
      return ['some text', 'some text']
    case 'list':
      return ['a b', ['a', 'b']]
    case 'switch':
      return kind.usual === true ? ['false', false] : ['1', true]
    case 'integer':
      return ['77', 77]
    case 'choice':
      return [kind.choices.at(-1)!, kind.choices.at(-1)!]
    case 'duration':
      return ['2m', 120_000]
  }
}

function parse(verb: Verb, env: Readonly<Record<string, string>>, more: readonly string[] = []) {
  const parsed = parseArgv(new CommandLine([verb.name, ...(verb.words?.slice(0, 1) ?? []), ...more]), env)
  if (parsed.kind !== 'verb') throw new Error('no command')
  return parsed.values
}

const run = verbs.find((verb) => verb.name === 'run')!
const every: readonly (readonly [name: string, verb: Verb, flag: Flag])[] = [
  ...globalFlags.map((flag) => [flag.long, run, flag] as const),
  ...verbs.flatMap((verb) => verb.flags.map((flag) => [`${verb.name} ${flag.long}`, verb, flag] as const)),
]

describe('variables that stand in for options', () => {
  it.each(every)('%s', (_, verb, flag) => {
    const names = variablesOf(flag)
    const own = `TSDBT_${flag.long.replaceAll('-', '_').toUpperCase()}`
    // Other spellings of an option have the variables of that option.
    if (flag.aliasOf !== undefined) {
      expect([...globalFlags, ...verb.flags].map((f) => f.long)).toContain(flag.aliasOf)
      expect(names).toEqual([])
      return
    }
    expect(names[0]).toBe(own)
    const [text, value] = sample(flag)
    for (const name of names) expect([name, parse(verb, { [name]: text }).get(flag.long)]).toEqual([name, value])
  })

  it('give way to the command line, and ours go before those of dbt', () => {
    const env = {
      DBT_TARGET: 'a',
      DBT_ENGINE_TARGET: 'b',
      TSDBT_TARGET: 'c',
      TSDBT_SELECT: 'x y',
      TSDBT_USE_COLORS: '1',
    }
    expect(parse(run, env).get('target')).toBe('c')
    expect(parse(run, env).get('select')).toEqual(['x', 'y'])
    expect(parse(run, { ...env, TSDBT_TARGET: '' }).get('target')).toBe('b')
    expect(parse(run, env, ['--target', 'd']).get('target')).toBe('d')
    const chosen = parse(run, env, ['--models', 'z', '--no-use-colors'])
    expect([chosen.get('select'), chosen.get('models'), chosen.get('color'), chosen.get('use-colors')]).toEqual([
      undefined,
      ['z'],
      undefined,
      false,
    ])
  })
})

describe('.env', () => {
  it('fills in what the shell leaves open, of the working folder before that of the project, and tells of bad lines', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsdbt-env-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    mkdirSync(join(folder, 'shop'))
    const lines = ['# ours', '', 'A=here', 'export B="two', 'lines"', 'oops', "C: 'x'", 'D=', 'E="open', 'F=1']
    writeFileSync(join(folder, '.env'), lines.join('\n'))
    writeFileSync(join(folder, 'shop/.env'), 'A=project\nG=project\nX\n')
    const { env, diagnostics } = readEnvironment({ F: 'shell' }, folder, join(folder, 'shop'))
    expect(env).toMatchObject({ A: 'here', B: 'two\nlines', D: '', F: 'shell', G: 'project' })
    expect(diagnostics.map((d) => d.message)).toEqual([
      '`shop/.env:3` is no `NAME=value` and is skipped',
      '`.env:6` is no `NAME=value` and is skipped; so are the lines 7, 9',
    ])
    expect(JSON.stringify(diagnostics)).not.toContain('oops')
    expect(readEnvironment({}, folder, folder).env['G']).toBeUndefined()
  })
})

describe('`flags:` of the project', () => {
  const defaults = (flags: string, given: FlagValues = new Map()) => {
    const folder = mkdtempSync(join(tmpdir(), 'tsdbt-flags-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'project.yml'), `name: shop\nflags:\n${flags}`)
    const { values, diagnostics } = withProjectDefaults(given, folder)
    return [Object.fromEntries(values), diagnostics.map((d) => [d.code, d.span?.start])]
  }

  it('are defaults for options, also those that are mappings', () => {
    expect(defaults('  fail_fast: true\n  threads: 3\n  warn_error_options: {error: [DeprecatedModel]}\n')).toEqual([
      { 'fail-fast': true, threads: 3, 'warn-error-options': '{"error":["DeprecatedModel"]}' },
      [],
    ])
    expect(defaults('  threads: 3\n', new Map([['threads', 5]]))).toEqual([{ threads: 5 }, []])
  })

  it('warn of what means nothing, and refuse what does not fit', () => {
    expect(defaults('  fail_fats: true\n  validate_macro_args: true\n  state_modified_compare_vars: true\n')).toEqual([
      {},
      [['cli/unknown-flag', expect.any(Number)]],
    ])
    expect(defaults('  validate_macro_args: false\n')).toEqual([{}, [['cli/flag-without-effect', expect.any(Number)]]])
    expect(() => defaults('  threads: many\n')).toThrow(/`threads` must be a whole number/)
  })
})
