import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SourceFile } from '../../src/base/source-file.ts'
import { CommandLine } from '../../src/cli/command-line.ts'
import { globalFlags } from '../../src/cli/flags.ts'
import { laterCommands } from '../../src/cli/later-features.ts'
import { parseArgv } from '../../src/cli/parse-argv.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { CONFIG_KEYS, CONFIG_WITHOUT_EFFECT, MATERIALIZATIONS } from '../../src/config/config-keys.ts'
import { readPropertyFile } from '../../src/config/property-file.ts'
import { methods } from '../../src/graph/selection/methods.ts'
import { parseSelection } from '../../src/graph/selection/parse-selection.ts'
import {
  dbtCommands,
  dbtConfigKeys,
  dbtFlags,
  dbtMaterializations,
  dbtResources,
  dbtSelectionMethods,
  dbtStrategies,
} from './dbt-names.ts'

/** `own`: dbt has no such thing; `accepted`: taken and without effect. */
const states = ['same', 'different', 'own', 'accepted', 'not offered'] as const
type State = (typeof states)[number]

interface Row {
  readonly name: string
  readonly state: State
  readonly note: string
}

const page = readFileSync(new URL('../../docs/dbt.md', import.meta.url), 'utf8')

/** The rows of the table below a heading; a cell may name several things that are alike. */
function table(heading: string): readonly Row[] {
  const start = page.indexOf(`\n### ${heading}\n`)
  if (start === -1) throw new Error(`docs/dbt.md has no heading \`${heading}\``)
  const section = page.slice(start + 1).split(/\n(?=##)/)[0]!
  return [...section.matchAll(/^\| (.*?) \| (.*?) \| ?(.*?) ?\|$/gm)].flatMap(([, cell, state, note]) =>
    [...cell!.matchAll(/`(?:--)?([^`]+)`/g)].map((m) => ({ name: m[1]!, state: state as State, note: note! })),
  )
}

const commands = table('Commands')
const flags = table('Flags')
const resources = table('Resources')
const materializations = table('Materializations and strategies')
const configKeys = table('Configuration keys')
const selectionMethods = table('Selection methods')

const offered = (rows: readonly Row[]) =>
  rows
    .filter((r) => r.state !== 'not offered')
    .map((r) => r.name)
    .sort()
const named = (rows: readonly Row[], ...wanted: State[]) =>
  rows
    .filter((r) => wanted.includes(r.state))
    .map((r) => r.name)
    .sort()

describe.each([
  ['Commands', commands, dbtCommands],
  ['Flags', flags, dbtFlags],
  ['Resources', resources, dbtResources],
  ['Materializations and strategies', materializations, [...dbtMaterializations, ...dbtStrategies]],
  ['Configuration keys', configKeys, dbtConfigKeys],
  ['Selection methods', selectionMethods, dbtSelectionMethods],
] as const)('the table `%s`', (_, rows, dbt) => {
  it('answers for all that dbt has', () => {
    const known = new Set(rows.map((r) => r.name))
    expect(dbt.filter((name) => !known.has(name))).toEqual([])
  })

  it('calls its own only what dbt has not', () => {
    expect(named(rows, 'own').filter((name) => dbt.includes(name))).toEqual([])
    const dbts = new Set(dbt)
    expect(rows.filter((r) => r.state !== 'own' && !dbts.has(r.name)).map((r) => r.name)).toEqual([])
  })

  it('says each once, with a state, and how or why where it is not the same', () => {
    expect(new Set(rows.map((r) => r.name)).size).toBe(rows.length)
    expect(rows.filter((r) => !states.includes(r.state)).map((r) => r.name)).toEqual([])
    expect(rows.filter((r) => r.state !== 'same' && r.note.length < 8).map((r) => r.name)).toEqual([])
  })
})

const isCommand = (words: string): boolean => {
  if (laterCommands.has(words)) return false
  try {
    return parseArgv(new CommandLine(words.split(' ')), {}).kind === 'verb'
  } catch {
    return false
  }
}

describe('commands', () => {
  it.each(commands)('$name is $state', ({ name, state }) => expect(isCommand(name)).toBe(state !== 'not offered'))

  it('are all listed', () => {
    const listed = new Set(commands.map((r) => r.name))
    const known = verbs.flatMap((v) =>
      v.words !== undefined
        ? v.words.map((word) => `${v.name} ${word}`)
        : [v.name, ...(v.alias === undefined ? [] : [v.alias])],
    )
    expect(known.filter((name) => !listed.has(name))).toEqual([])
  })
})

describe('flags', () => {
  const all = [...globalFlags, ...verbs.flatMap((v) => v.flags)].filter((f) => f.about !== 'of `docs serve`')
  const idle = new Set(all.filter((f) => f.about.startsWith('accepted')).map((f) => f.long))

  it('that are offered are there, and the others are not', () => {
    const known = [...new Set([...all.map((f) => f.long), 'version', 'help'])].sort()
    expect(offered(flags)).toEqual(known)
  })

  it('that change nothing are called accepted', () => expect(named(flags, 'accepted')).toEqual([...idle].sort()))
})

describe('resources', () => {
  const evaluate = (text: string) => text
  const isRead = (key: string): boolean => {
    const file = new SourceFile('x.yml', `${key}:\n  - name: x\n`)
    const { diagnostics } = readPropertyFile(file, evaluate)
    return !diagnostics.some((d) => d.code === 'config/unsupported-resource' || d.code === 'config/unknown-key')
  }

  it.each(resources.filter((r) => /^[a-z_]+$/.test(r.name) && !['selectors', 'packages', 'hooks'].includes(r.name)))(
    '$name: $state',
    ({ name, state }) => expect(isRead(name)).toBe(state !== 'not offered'),
  )
})

describe('materializations and strategies', () => {
  it('that are offered are those that a model takes', () => {
    const strategies = ['append', 'delete+insert', 'merge', 'microbatch', 'insert_overwrite'].filter(
      (s) => CONFIG_KEYS['incremental_strategy']!.check(s).ok,
    )
    expect(offered(materializations)).toEqual([...MATERIALIZATIONS.model, ...strategies].sort())
  })
})

describe('configuration keys', () => {
  it('that have an effect are there', () => {
    expect(named(configKeys, 'same', 'different', 'own')).toEqual(Object.keys(CONFIG_KEYS).sort())
  })

  it('that have none are those that are warned of', () => {
    expect(named(configKeys, 'accepted')).toEqual(Object.keys(CONFIG_WITHOUT_EFFECT).sort())
  })
})

describe('selection methods', () => {
  const placed = (text: string) => ({ text, span: { path: '<select>', start: 0, end: text.length }, exact: true })

  it('that are offered are there', () => {
    const words = selectionMethods.map((r) => r.name)
    const usable = words.filter((word) => {
      const text = word === 'config' ? 'config.materialized:table' : `${word}:x`
      const codes = parseSelection(placed(text)).diagnostics.map((d) => d.code)
      return !codes.some((code) => code === 'graph/selector-unavailable' || code === 'graph/selector-unknown-method')
    })
    expect(offered(selectionMethods)).toEqual(usable.sort())
    expect([...methods.keys()].filter((m) => !words.includes(m))).toEqual([])
  })
})
