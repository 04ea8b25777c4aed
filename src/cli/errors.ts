import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

export const unknownOption = defineDiagnostic<{ option: string; command: string | null; known: readonly string[] }>(
  'cli/unknown-option',
  'error',
  'The command has no option of that name. Run `tsdbt help <command>` for its options.',
  ({ option, command, known }) => ({
    message: command === null ? `unknown option \`${option}\`` : `\`tsdbt ${command}\` has no option \`${option}\``,
    hints: [
      didYouMean(option, known) ?? `\`tsdbt ${command === null ? '--help' : `${command} --help`}\` lists the options`,
    ],
  }),
)

export const unexpectedValue = defineDiagnostic<{ option: string; value: string }>(
  'cli/unexpected-value',
  'error',
  'The option is a switch: it is given or not, and takes no value.',
  ({ option, value }) => ({
    message: `\`${option}\` takes no value, but \`${value}\` was given`,
    hints: [`write \`${option}\` or leave it out`],
  }),
)

export const misplacedOption = defineDiagnostic<{ option: string; commands: readonly string[] }>(
  'cli/option-before-command',
  'error',
  'Options of one command stand behind its name; only global options may stand before it.',
  ({ option, commands }) => ({
    message: `\`${option}\` belongs to a command and must stand behind its name`,
    hints: [`for example \`tsdbt ${commands[0]} ${option} …\``],
  }),
)

export const unknownCommand = defineDiagnostic<{ command: string; known: readonly string[] }>(
  'cli/unknown-command',
  'error',
  'There is no command of that name. `tsdbt --help` lists them.',
  ({ command, known }) => ({
    message: `unknown command \`${command}\``,
    hints: [didYouMean(command, known) ?? `the commands are ${known.map((name) => `\`${name}\``).join(', ')}`],
  }),
)

export const notInThisVersion = defineDiagnostic<{ what: string; reason: string }>(
  'cli/not-in-this-version',
  'error',
  'A command or an option of dbt that this version does not have.',
  ({ what, reason }) => ({ message: `\`${what}\` is not in this version: ${reason}` }),
)

export const missingValue = defineDiagnostic<{ option: string }>(
  'cli/missing-value',
  'error',
  'The option needs a value behind it.',
  ({ option }) => ({ message: `\`${option}\` needs a value` }),
)

export const missingArgument = defineDiagnostic<{ command: string; argument: string; example: string }>(
  'cli/missing-argument',
  'error',
  'The command needs an argument that was not given.',
  ({ command, argument, example }) => ({
    message: `\`tsdbt ${command}\` needs ${argument}`,
    hints: [`for example \`${example}\``],
  }),
)

export const extraArgument = defineDiagnostic<{ command: string; argument: string; takes: number; selects: boolean }>(
  'cli/extra-argument',
  'error',
  'The command takes fewer arguments than were given. Several values of `--select` stand directly behind it.',
  ({ command, argument, takes, selects }) => ({
    message: `\`tsdbt ${command}\` takes ${takes === 0 ? 'no arguments' : `${takes} argument`}, but \`${argument}\` was given`,
    hints: [selects ? `to choose nodes: \`tsdbt ${command} --select ${argument}\`` : undefined],
  }),
)

export const wrongValue = defineDiagnostic<{
  origin: string
  value: string
  expected: string
  known?: readonly string[]
}>(
  'cli/wrong-value',
  'error',
  'The value of an option, or of the environment variable that stands in for it, has the wrong form.',
  ({ origin, value, expected, known }) => ({
    message: `\`${origin}\` must be ${expected}, not \`${value}\``,
    hints: [known === undefined ? undefined : didYouMean(value, known)],
  }),
)

export const conflictingOptions = defineDiagnostic<{ first: string; second: string; why: string }>(
  'cli/conflicting-options',
  'error',
  'Two options exclude each other.',
  ({ first, second, why }) => ({ message: `\`${first}\` and \`${second}\` cannot stand together: ${why}` }),
)

export const cannotWriteLog = defineDiagnostic<{ path: string; reason: string }>(
  'cli/log-not-writable',
  'warning',
  'The log file could not be written; the command runs without it.',
  ({ path, reason }) => ({ message: `cannot write the log file \`${path}\`: ${reason}` }),
)

export const fileSystemFailed = defineDiagnostic<{ path: string; reason: string }>(
  'cli/file-system',
  'error',
  'A file or folder that the command needs cannot be read or written.',
  ({ path, reason }) => ({ message: `cannot use \`${path}\`: ${reason}` }),
)

export const databaseFailed = defineDiagnostic<{ message: string }>(
  'cli/database',
  'error',
  'The database refused something outside any node.',
  ({ message }) => ({ message: `the database refused: ${message}` }),
)

export const workingFolderGone = defineDiagnostic<Record<never, never>>(
  'cli/working-folder-gone',
  'error',
  'The folder in which the command was started no longer exists.',
  () => ({ message: 'the folder in which this was started no longer exists', hints: ['change to another folder'] }),
)

export const badEnvLines = defineDiagnostic<{ path: string; lines: readonly number[] }>(
  'cli/env-file',
  'warning',
  'A line of `.env` sets no variable. Its text is not shown, because it may hold a secret.',
  ({ path, lines }) => ({
    message: `\`${path}:${lines[0]}\` is no \`NAME=value\` and is skipped${lines.length === 1 ? '' : `; so are the lines ${lines.slice(1).join(', ')}`}`,
  }),
)

export const unknownFlag = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'cli/unknown-flag',
  'warning',
  '`flags:` of the project file has a name that is neither an option nor a behaviour flag of dbt.',
  ({ name, known }) => ({ message: `\`flags:\` has no \`${name}\``, hints: [didYouMean(name, known)] }),
)

export const flagWithoutEffect = defineDiagnostic<{ name: string; always: boolean }>(
  'cli/flag-without-effect',
  'warning',
  'A behaviour flag of dbt whose other value tsdbt does not have.',
  ({ name, always }) => ({ message: `\`${name}\` has no effect: here it is always \`${always}\`` }),
)
