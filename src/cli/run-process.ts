import type { Diagnostic } from '../base/diagnostic.ts'
import { Scrubber } from '../base/scrub.ts'
import { SourceFile } from '../base/source-file.ts'
import type { EngineOptions } from '../commands/options.ts'
import { CommandLine } from './command-line.ts'
import type { Console } from './console.ts'
import { openOutput, plainStyle, wantsColor } from './console.ts'
import { engineOptions } from './engine-options.ts'
import type { Environment } from './environment.ts'
import { readEnvironment } from './environment.ts'
import { workingFolderGone } from './errors.ts'
import { classify } from './failure.ts'
import type { FlagValues } from './flag.ts'
import type { Parsed } from './parse-argv.ts'
import { parseArgv } from './parse-argv.ts'
import { projectFolder } from './project-folder.ts'
import { renderDiagnostic } from './render/diagnostic.ts'
import { Reporter } from './reporter.ts'
import { runVerb } from './run-verb.ts'
import { readSettings } from './settings.ts'
import { StopSignals } from './signals.ts'
import { LayeredSources } from './sources.ts'

const couldNotRun = 2
/** A native handle that lingers must not keep a finished command alive. */
const graceMs = 2000

/** The whole process: reads the command line, runs the command, sets the exit code. Output is flushed before the end. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  const cwd = workingFolder()
  if (cwd === undefined) {
    const diagnostic = workingFolderGone({})
    process.stderr.write(renderDiagnostic(diagnostic, { get: () => undefined }, plainStyle))
    process.exitCode = couldNotRun
    return
  }
  const { env, diagnostics } = readEnvironment(process.env, cwd, namedProject(argv, process.env, cwd))
  const line = new CommandLine(argv)
  const scrubber = Scrubber.fromEnvironment(env)
  process.on('uncaughtException', (error) => {
    process.stderr.write(scrubber.scrub(bugReport(error.stack ?? error.message)))
    process.exit(couldNotRun)
  })
  process.exitCode = await run({ argv, cwd, env, line, scrubber, diagnostics })
  setTimeout(() => process.exit(), graceMs).unref()
}

/** The project's folder as far as it can be known before options are read, because `.env` may hold some of them. */
function namedProject(argv: readonly string[], env: Environment, cwd: string): string {
  const at = argv.lastIndexOf('--project-dir')
  const joined = argv.findLast((argument) => argument.startsWith('--project-dir='))?.slice('--project-dir='.length)
  const given = at >= 0 ? argv[at + 1] : joined
  const usual = env['TSDBT_PROJECT_DIR'] ?? env['DBT_ENGINE_PROJECT_DIR'] ?? env['DBT_PROJECT_DIR']
  return projectFolder(new Map([['project-dir', given ?? usual ?? '.']]), cwd)
}

/** Undefined when the folder was deleted after the shell entered it. */
function workingFolder(): string | undefined {
  try {
    return process.cwd()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

interface Surroundings {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Environment
  readonly line: CommandLine
  readonly scrubber: Scrubber
  /** Of reading the environment. */
  readonly diagnostics: readonly Diagnostic[]
}

async function run(around: Surroundings): Promise<number> {
  const { cwd, env, line, scrubber } = around
  let parsed: Parsed
  let found: readonly Diagnostic[] = []
  try {
    const completed = await complete(parseArgv(line, env), cwd)
    parsed = completed.parsed
    found = [...around.diagnostics, ...completed.diagnostics]
  } catch (error) {
    const values = salvage(around)
    const sources = new LayeredSources(projectFolder(values, cwd), [line.file], scrubber)
    const reporter = new Reporter(openConsole(values, around), readSettings(values, cwd), sources, scrubber)
    return fail(error, reporter, false)
  }
  if (parsed.kind === 'text') {
    openConsole(new Map(), around).out.write(parsed.text)
    return 0
  }
  return runParsed(parsed, { ...around, diagnostics: found })
}

/** Adds what the project says about options that were left open. */
async function complete(
  parsed: Parsed,
  cwd: string,
): Promise<{ readonly parsed: Parsed; readonly diagnostics: readonly Diagnostic[] }> {
  if (parsed.kind === 'text' || parsed.verb.name === 'init') return { parsed, diagnostics: [] }
  const { withProjectDefaults } = await import('./project-defaults.ts')
  const { values, diagnostics } = withProjectDefaults(parsed.values, projectFolder(parsed.values, cwd))
  return { parsed: { ...parsed, values }, diagnostics }
}

async function runParsed(parsed: Extract<Parsed, { kind: 'verb' }>, around: Surroundings): Promise<number> {
  const { cwd, env, line, scrubber } = around
  const { verb, values, argument } = parsed
  const sources = new LayeredSources(projectFolder(values, cwd), [line.file, ...textsOf(values)], scrubber)
  const reporter = new Reporter(openConsole(values, around), readSettings(values, cwd, verb.name), sources, scrubber)
  const signals = new StopSignals(
    () => reporter.remark('Stopping; running statements are interrupted. Ctrl-C again ends at once.'),
    () => reporter.abandon(),
  )
  let code = couldNotRun
  try {
    const options = {
      ...engineOptions(values, env, line.file.text),
      on: reporter.on,
      signal: signals.signal,
      secrets: scrubber,
      invocationId: reporter.invocationId,
    }
    if (await tellEarly(around.diagnostics, options, reporter)) {
      reporter.diagnostics([])
      signals.close()
      reporter.close(verb.name, false)
      return couldNotRun
    }
    const outcome = await runVerb({ verb, values, argument, options, cwd }, reporter, ({ files }) => sources.use(files))
    code = outcome.exitCode
  } catch (error) {
    code = fail(error, reporter, verb.name === 'show' || verb.name === 'compile')
  }
  signals.close()
  if (code === 130) code = signals.exitCode ?? code
  reporter.close(verb.name, code === 0)
  return code
}

/** Tells what was found before the command began; true when a warning of it counts as an error. */
async function tellEarly(found: readonly Diagnostic[], options: EngineOptions, reporter: Reporter): Promise<boolean> {
  if (found.length === 0) return false
  const { warningPolicyOf } = await import('../commands/warning-policy-of.ts')
  const judged = warningPolicyOf(options).apply(found)
  for (const diagnostic of judged) reporter.on({ type: 'diagnostic', diagnostic })
  return judged.some((d) => d.severity === 'error')
}

/** YAML and SQL that stand on the command line, for diagnostics that point into them. */
function textsOf(values: FlagValues): SourceFile[] {
  return ['vars', 'args', 'inline', 'sql', 'warn-error-options'].flatMap((name) => {
    const text = values.get(name)
    return typeof text === 'string' ? [new SourceFile(`<--${name}>`, text)] : []
  })
}

/** Says what went wrong when a command raised; the exit code. */
function fail(error: unknown, reporter: Reporter, mirror: boolean): number {
  const failure = classify(error)
  if (failure.kind === 'user') {
    reporter.diagnostics(failure.diagnostics, [], mirror)
    return couldNotRun
  }
  reporter.diagnostics([])
  if (failure.kind === 'cancelled') {
    reporter.remark('Interrupted')
    return 130
  }
  reporter.crash(bugReport(failure.stack))
  return couldNotRun
}

function bugReport(stack: string): string {
  return `error[internal]: this is a bug in tsdbt, not in your project\n${stack}\nhint: please report it with the lines above and the command you ran\n`
}

function openConsole(values: FlagValues, { env, scrubber }: Surroundings): Console {
  const asked = (values.get('color') ?? values.get('use-colors')) as boolean | undefined
  const open = (stream: NodeJS.WriteStream) => {
    const isTerminal = stream.isTTY === true
    const interactive = isTerminal && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === ''
    return openOutput(stream, scrubber, wantsColor(asked, env, isTerminal), interactive)
  }
  return { out: open(process.stdout), err: open(process.stderr) }
}

/** What can be known of the log's form when the command line is wrong, so that a JSON log stays JSON. */
function salvage({ argv, env }: Surroundings): FlagValues {
  const at = argv.lastIndexOf('--log-format')
  const format = argv.includes('--log-format=json')
    ? 'json'
    : at === -1
      ? (env['TSDBT_LOG_FORMAT'] ?? env['DBT_ENGINE_LOG_FORMAT'] ?? env['DBT_LOG_FORMAT'])
      : argv[at + 1]
  const values = new Map<string, string | boolean>(format === 'json' ? [['log-format', 'json']] : [])
  if (argv.includes('--no-color') || argv.includes('--no-use-colors')) values.set('color', false)
  return values
}
