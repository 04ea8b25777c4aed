import type { Command } from 'commander'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { version } from '../base/version.ts'
import type { CommandLine } from './command-line.ts'
import {
  extraArgument,
  misplacedOption,
  missingValue,
  notInThisVersion,
  unexpectedValue,
  unknownCommand,
  unknownOption,
  wrongValue,
} from './errors.ts'
import type { Flag, FlagValue, FlagValues } from './flag.ts'
import { attributeName, variablesOf } from './flag.ts'
import { globalFlags } from './flags.ts'
import { laterCommands, laterOptions } from './later-features.ts'
import type { Chosen } from './program.ts'
import { buildProgram } from './program.ts'
import { readFlag } from './read-flag.ts'
import type { Verb } from './verbs.ts'
import { verbs } from './verbs.ts'

/** A command with all its values, or a text that answers at once (help, version). */
export type Parsed =
  | { readonly kind: 'verb'; readonly verb: Verb; readonly values: FlagValues; readonly argument: string | undefined }
  | { readonly kind: 'text'; readonly text: string }

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the command line and the variables that stand in for options. Raises `UserError` with every mistake in it. */
export function parseArgv(line: CommandLine, env: Environment): Parsed {
  let text = ''
  let chosen: Chosen | undefined
  const program = buildProgram(
    (part) => {
      text += part
    },
    (choice) => {
      chosen = choice
    },
  )
  const help = () => {
    program.outputHelp()
    return { kind: 'text', text } as const
  }
  if (line.argv.length === 0) return help()
  refuseHelpForUnknown(line)
  if (leadsToVersion(line.argv)) return { kind: 'text', text: `tsdbt ${version}\n` }
  try {
    program.parse([...line.argv], { from: 'user' })
  } catch (error) {
    if (!isCommanderError(error)) throw error
    if (error.exitCode === 0) return { kind: 'text', text }
    const diagnostic = explain(error, line)
    // Commander asks for help when there are global options and no command.
    if (diagnostic === undefined) return help()
    throw new UserError(diagnostic)
  }
  if (chosen === undefined) return help()
  const { verb, command } = chosen
  const diagnostics = extraArguments(verb, command, line)
  const values = readValues([...globalFlags, ...verb.flags], command, line, env, diagnostics)
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  return { kind: 'verb', verb, values, argument: command.args[0] }
}

/** Commander answers `help` for a name that no command has with the list of all commands, as if nothing were wrong. */
function refuseHelpForUnknown(line: CommandLine): void {
  const [help, command] = line.argv
  if (help !== 'help' || command === undefined || command.startsWith('-') || command === 'help') return
  const known: readonly string[] = verbs.map((v) => v.name)
  if (known.includes(command) || verbs.some((v) => v.alias === command) || laterCommands.has(command)) return
  throw new UserError(unknownCommand({ command, known }, { span: line.spanOf(command) }))
}

/** `--version` counts only before a command: behind one it could be the value of another option. */
function leadsToVersion(argv: readonly string[]): boolean {
  const names = new Set(verbs.flatMap((verb) => [verb.name, verb.alias]))
  for (const argument of argv) {
    if (argument === '--version' || argument === '-V' || argument === '-v') return true
    if (names.has(argument as never)) return false
  }
  return false
}

interface CommanderFault {
  readonly code: string
  readonly exitCode: number
  readonly message: string
}

function isCommanderError(error: unknown): error is CommanderFault {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}

/** Commander's error as a diagnostic; its message is the only place that names the culprit. */
function explain(error: CommanderFault, line: CommandLine): Diagnostic | undefined {
  const culprit = /'([^']+)'/.exec(error.message)?.[1] ?? ''
  const before = optionBeforeCommand(line)
  if (before !== undefined) return before
  if (error.code === 'commander.help') return undefined
  if (error.code === 'commander.unknownCommand') {
    const reason = laterCommands.get(culprit)
    if (reason !== undefined) return notInThisVersion({ what: culprit, reason }, { span: line.spanOf(culprit) })
    return unknownCommand({ command: culprit, known: verbs.map((v) => v.name) }, { span: line.spanOf(culprit) })
  }
  if (error.code === 'commander.optionMissingArgument') {
    const option = culprit.replace(/^-\w, /, '').replace(/ .*/, '')
    return missingValue({ option }, { span: line.spanOf(option) ?? line.end })
  }
  const verb = verbs.find((v) => line.argv.includes(v.name) || (v.alias !== undefined && line.argv.includes(v.alias)))
  const option = culprit.replace(/=.*/s, '')
  const known = [...globalFlags, ...(verb?.flags ?? [])].flatMap(spellingsOf)
  if (option !== culprit && known.includes(option)) {
    return unexpectedValue({ option, value: culprit.slice(option.length + 1) }, { span: line.spanOf(option) })
  }
  return (
    laterOption(option, line) ??
    unknownOption({ option, command: verb?.name ?? null, known }, { span: line.spanOf(option) })
  )
}

/** An option that dbt has and that this version has not. */
function laterOption(option: string, line: CommandLine): Diagnostic | undefined {
  const reason = laterOptions.get(option.replace(/^--(no-)?/, ''))
  return reason === undefined ? undefined : notInThisVersion({ what: option, reason }, { span: line.spanOf(option) })
}

/** An option that is unknown before the command; undefined when there is none. */
function optionBeforeCommand(line: CommandLine): Diagnostic | undefined {
  const { operands, unknown } = buildProgram(
    () => {},
    () => {},
  ).parseOptions([...line.argv])
  const option = unknown[0]?.replace(/=.*/s, '')
  if (operands.length > 0 || option === undefined) return undefined
  const later = laterOption(option, line)
  if (later !== undefined) return later
  const span = line.spanOf(option)
  const owners = verbs.filter((verb) => verb.flags.some((flag) => spellingsOf(flag).includes(option)))
  if (owners.length > 0) {
    const mentioned = owners.filter((verb) => line.argv.includes(verb.name))
    return misplacedOption({ option, commands: [...mentioned, ...owners].map((verb) => verb.name) }, { span })
  }
  return unknownOption({ option, command: null, known: globalFlags.flatMap(spellingsOf) }, { span })
}

function spellingsOf(flag: Flag): string[] {
  const forms = [`--${flag.long}`]
  if (flag.kind.is === 'switch') forms.push(`--no-${flag.long}`)
  if (flag.short !== undefined) forms.push(`-${flag.short}`)
  return forms
}

function extraArguments(verb: Verb, command: Command, line: CommandLine): Diagnostic[] {
  const takes = verb.argument === undefined ? 0 : 1
  const argument = command.args[takes]
  if (argument === undefined) return []
  const selects = verb.flags.some((flag) => flag.long === 'select')
  return [extraArgument({ command: verb.name, argument, takes, selects }, { span: line.spanOf(argument) })]
}

function readValues(
  flags: readonly Flag[],
  command: Command,
  line: CommandLine,
  env: Environment,
  diagnostics: Diagnostic[],
): FlagValues {
  const given: Record<string, unknown> = command.optsWithGlobals()
  const values = new Map<string, FlagValue>()
  const read = (flag: Flag, text: string, origin: string) => {
    const reading = readFlag(flag, text)
    if ('value' in reading) values.set(flag.long, reading.value)
    else {
      const span = line.spanOfValue(spellingsOf(flag), text)
      diagnostics.push(
        wrongValue({ origin, value: text, ...reading }, { span: origin.startsWith('-') ? span : undefined }),
      )
    }
  }
  // What the command line says in another spelling is stronger than a variable.
  const respelled = new Set(flags.flatMap((f) => (given[attributeName(f)] === undefined ? [] : (f.aliasOf ?? []))))
  for (const flag of flags) {
    const value = given[attributeName(flag)]
    if (typeof value === 'boolean' || Array.isArray(value)) values.set(flag.long, value)
    else if (typeof value === 'string') read(flag, value, `--${flag.long}`)
    else if (!respelled.has(flag.long)) {
      const name = variablesOf(flag).find((n) => (env[n] ?? '') !== '')
      if (name !== undefined) read(flag, env[name]!, name)
    }
  }
  return values
}
