import { describe, expect, it } from 'vitest'
import type { UserError } from '../base/errors.ts'
import { CommandLine } from './command-line.ts'
import { engineOptions, listOptions, runOptions, selectionOptions, showOptions } from './engine-options.ts'
import { parseArgv } from './parse-argv.ts'
import { readSettings } from './settings.ts'

function parse(argv: string[], env: Record<string, string> = {}) {
  const parsed = parseArgv(new CommandLine(argv), env)
  if (parsed.kind !== 'verb') throw new Error(`no command in ${argv.join(' ')}`)
  return parsed
}

describe('the calls of orchestrators', () => {
  it('reads the listing of Cosmos: several keys in one occurrence, then other options', () => {
    const keys = [
      'name',
      'unique_id',
      'resource_type',
      'depends_on',
      'original_file_path',
      'tags',
      'config',
      'freshness',
      'fqn',
    ]
    const { verb, values } = parse([
      'ls',
      '--output',
      'json',
      '--output-keys',
      ...keys,
      '--project-dir',
      'T',
      '--profiles-dir',
      'P',
      '--profile',
      'N',
      '--target',
      'G',
      '--exclude',
      'A',
      'B',
      '--select',
      'C',
      '--vars',
      '{"k": 1}',
      '--no-partial-parse',
    ])
    expect(verb.name).toBe('ls')
    expect(values.get('output-keys')).toEqual(keys)
    expect(selectionOptions(values)).toMatchObject({ select: ['C'], exclude: ['A', 'B'] })
    expect(engineOptions(values, {}, '')).toMatchObject({
      projectDir: 'T',
      profilesDir: 'P',
      profile: 'N',
      target: 'G',
      vars: '{"k": 1}',
    })
  })

  it('reads the tasks of Cosmos, a list being one argument with blanks', () => {
    const { values } = parse([
      '--no-partial-parse',
      'run',
      '--indirect-selection',
      'empty',
      '--select',
      'a b',
      '--models',
      'c',
      '--no-version-check',
      '--cache-selected-only',
      '--fail-fast',
      '--quiet',
      '--warn-error',
      '--full-refresh',
      '--log-format',
      'json',
      '--vars',
      'k: 1\n',
      '--project-dir',
      'T',
    ])
    expect(runOptions(values)).toMatchObject({
      select: ['a b', 'c'],
      indirectSelection: 'empty',
      failFast: true,
      warnError: true,
      fullRefresh: true,
    })
    expect(engineOptions(values, {}, '')).toMatchObject({ vars: 'k: 1\n' })
    expect(readSettings(values, '/')).toMatchObject({ format: 'json', level: 'error', file: null })
  })

  it('takes the environment of dagster, and the command line before it', () => {
    const env = {
      DBT_LOG_FORMAT: 'json',
      DBT_TARGET_PATH: 'out',
      DBT_LOG_PATH: 'out',
      DBT_INDIRECT_SELECTION: 'empty',
      DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
    }
    const { values } = parse(['build', '--select', 'fqn:a fqn:b', '--target-path', 'mine'], env)
    expect(engineOptions(values, {}, '')).toMatchObject({ targetPath: 'mine' })
    expect(selectionOptions(values)).toMatchObject({ select: ['fqn:a fqn:b'], indirectSelection: 'empty' })
    expect(readSettings(values, '/nowhere')).toMatchObject({
      format: 'json',
      file: { folder: '/nowhere/out', format: 'json', level: 'debug' },
    })
  })

  it('prefers tsdbt’s own variables, then dbt’s new names, then the old ones', () => {
    const target = (env: Record<string, string>) => engineOptions(parse(['run'], env).values, {}, '').target
    expect(target({ TSDBT_TARGET: 'a', DBT_ENGINE_TARGET: 'b', DBT_TARGET: 'c' })).toBe('a')
    expect(target({ DBT_ENGINE_TARGET: 'b', DBT_TARGET: 'c' })).toBe('b')
    expect(target({ DBT_TARGET: 'c', TSDBT_TARGET: '' })).toBe('c')
  })

  it('reads the calls of dbt-ol and of the VS Code extension', () => {
    const log = [
      '--log-format-file',
      'json',
      '--log-level-file',
      'debug',
      '--log-path',
      '/tmp/l',
      '--log-file-max-bytes',
      '9',
      '--write-json',
    ]
    expect(readSettings(parse(['build', ...log]).values, '/').file).toEqual({
      folder: '/tmp/l',
      format: 'json',
      level: 'debug',
      maxBytes: 9,
    })
    const show = parse([
      'show',
      '--log-level',
      'debug',
      '--inline',
      'select 1',
      '--limit',
      '-1',
      '--output',
      'json',
      '--log-format',
      'json',
      '--no-defer',
    ])
    expect(showOptions(show.values)).toMatchObject({ inline: 'select 1', limit: -1 })
    expect(selectionOptions(parse(['compile', '--model', 'm']).values)).toMatchObject({ select: ['m'] })
  })
})

describe('what dbt has and this version has not', () => {
  it.each([[['build', '--export-saved-queries'], '--export-saved-queries', 'there are no saved queries']])(
    'says so: %j',
    (argv, what, reason) => {
      expect(() => parse(argv)).toThrowError(expect.objectContaining({ name: 'UserError' }))
      try {
        parse(argv)
      } catch (error) {
        const { diagnostics } = error as UserError
        expect(diagnostics.map((d) => d.code)).toEqual(['cli/not-in-this-version'])
        expect(diagnostics[0]!.message).toContain(`\`${what}\` is not in this version: ${reason}`)
        expect(diagnostics[0]!.span).toBeDefined()
      }
    },
  )

  it('lists models only for `ls --models`', () => {
    const argv = ['--models', 'a']
    expect(listOptions(parse(['ls', ...argv]).values)).toMatchObject({ select: ['a'], resourceTypes: ['model'] })
    expect(listOptions(parse(['ls', '--select', 'a']).values).resourceTypes).toBeUndefined()
    expect(selectionOptions(parse(['run', ...argv]).values).resourceTypes).toBeUndefined()
  })
})

describe('options', () => {
  it('may stand before and behind the command', () => {
    const before = parse(['-t', 'prod', '--threads', '8', '-x', 'build'])
    const behind = parse(['build', '-x', '--threads=8', '-tprod'])
    expect(engineOptions(behind.values, {}, '')).toEqual(engineOptions(before.values, {}, ''))
    expect(engineOptions(before.values, {}, '')).toMatchObject({ target: 'prod', threads: 8 })
    expect(runOptions(behind.values).failFast).toBe(true)
  })

  it('collect repeated selections and leave unsaid switches open', () => {
    const { values } = parse([
      'build',
      '-s',
      'a',
      'b',
      '--select',
      'c',
      '--resource-type',
      'model test',
      '--resource-types',
      'seed',
    ])
    expect(selectionOptions(values)).toMatchObject({
      select: ['a', 'b', 'c'],
      resourceTypes: ['model', 'test', 'seed'],
    })
    expect(runOptions(values)).toMatchObject({ fullRefresh: undefined, failFast: undefined })
    expect(runOptions(parse(['build', '--no-fail-fast'], { DBT_FAIL_FAST: 'true' }).values).failFast).toBe(false)
  })

  it('show five rows unless told otherwise', () => {
    expect(showOptions(parse(['show', '-s', 'a']).values).limit).toBe(5)
  })
})

describe('small mistakes', () => {
  const mistake = (...argv: string[]): string => {
    try {
      parseArgv(new CommandLine(argv), {})
    } catch (error) {
      const [{ code, message, hints = [] }] = (error as UserError).diagnostics as [UserError['diagnostics'][number]]
      return [code, message, ...hints].join(' | ')
    }
    return 'none'
  }

  it('a value for a switch, and help for a command that is not there', () => {
    expect(mistake('build', '--full-refresh=maybe')).toBe(
      'cli/unexpected-value | `--full-refresh` takes no value, but `maybe` was given | write `--full-refresh` or leave it out',
    )
    expect(mistake('help', 'biuld')).toBe('cli/unknown-command | unknown command `biuld` | did you mean `build`?')
    for (const command of ['build', 'list', 'help']) expect(mistake('help', command)).toBe('none')
  })
})
