import { Command, Option } from 'commander'
import type { Flag } from './flag.ts'
import { globalFlags } from './flags.ts'
import type { Verb } from './verbs.ts'
import { verbs } from './verbs.ts'

/** What the command line says, before values are read. */
export interface Chosen {
  readonly verb: Verb
  readonly command: Command
}

/** A fresh program; commander keeps the values of a parse in it. `choose` is called for a complete command line. */
export function buildProgram(write: (text: string) => void, choose: (chosen: Chosen) => void): Command {
  const program = new Command('tsdbt')
  program
    .description('SQL transformations that are tested before they are published.')
    .usage('<command> [options]')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(false)
    .option('-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
  program.addHelpText(
    'after',
    '\nEvery option may also be set by an environment variable: TSDBT_TARGET_PATH, or DBT_TARGET_PATH as in dbt.\n',
  )
  addFlags(program, globalFlags)
  for (const verb of verbs) addVerb(program, verb, choose)
  return program
}

function addVerb(program: Command, verb: Verb, choose: (chosen: Chosen) => void): void {
  const command = program.command(verb.name).description(verb.about).helpOption('-h, --help', 'print this help')
  if (verb.alias !== undefined) command.alias(verb.alias)
  if (verb.argument !== undefined) command.argument(`[${verb.argument.name}]`, verb.argument.about)
  command.allowExcessArguments()
  addFlags(command, verb.flags)
  command.addHelpText('after', `\nExamples:\n${verb.examples.map((example) => `  ${example}\n`).join('')}`)
  command.action(() => choose({ verb, command }))
}

function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of flags) {
    const { kind } = flag
    const spelling = `${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.long}`
    const hidden = flag.hidden === true
    if (kind.is !== 'switch') {
      const value = kind.is === 'list' ? `<${kind.value}...>` : `<${kind.value}>`
      command.addOption(new Option(`${spelling} ${value}`, flag.about).hideHelp(hidden))
      continue
    }
    const usual = kind.usual === true
    command.addOption(new Option(spelling, flag.about).hideHelp(hidden || usual))
    command.addOption(new Option(`--no-${flag.long}`, flag.about).hideHelp(hidden || !usual))
  }
}
