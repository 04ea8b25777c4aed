import { resolve } from 'node:path'
import { UserError } from '../base/errors.ts'
import type { Engine } from '../commands/engine.ts'
import type { EngineOptions } from '../commands/options.ts'
import type { Outcome, RunReport } from '../commands/outcome.ts'
import {
  cloneOptions,
  compileOptions,
  depsOptions,
  docsOptions,
  freshnessOptions,
  listOptions,
  operationOptions,
  retryOptions,
  runOptions,
  showOptions,
} from './engine-options.ts'
import { conflictingOptions, missingArgument, notInThisVersion, unknownCommand } from './errors.ts'
import type { FlagValues } from './flag.ts'
import { laterCommands } from './later-features.ts'
import { printChecks, printCompiled, printListing, printOperation, printPlan, printPreviews } from './print-data.ts'
import { versionRecord } from './render/narrator.ts'
import { describePackages } from './render/packages.ts'
import type { Reporter } from './reporter.ts'
import { runPrune } from './run-prune.ts'
import type { Verb, VerbName } from './verbs.ts'

/** A command that is ready to run. */
export interface Request {
  readonly verb: Verb
  readonly values: FlagValues
  readonly argument: string | undefined
  readonly options: EngineOptions
  readonly cwd: string
}

/** Runs the command and says what it gave; the outcome's exit code is the process's. Raises what the engine raises. */
export async function runVerb(request: Request, reporter: Reporter, use: (outcome: Outcome) => void): Promise<Outcome> {
  const outcome = await runWithoutProject(request, reporter, use)
  if (outcome !== undefined) return outcome
  checkArguments(request)
  reporter.say(versionRecord)
  const { Engine } = await import('../commands/engine.ts')
  if (request.verb.name === 'retry') {
    const options = retryOptions(request.values)
    const report = await Engine.retry(request.options, options)
    use(report)
    await tellRun(report, options.dryRun === true, reporter)
    return report
  }
  const engine = await Engine.open(request.options)
  return runOnEngine(engine, request, reporter, use)
}

/** Commands that must work where no project can be read. */
async function runWithoutProject(
  { verb, values, argument, options, cwd }: Request,
  reporter: Reporter,
  use: (outcome: Outcome) => void,
): Promise<Outcome | undefined> {
  switch (verb.name) {
    case 'init': {
      const { initProject } = await import('../commands/init.ts')
      const folder = resolve(cwd, options.projectDir ?? '.')
      const outcome = initProject({ name: argument, folder, profile: values.get('skip-profile-setup') !== true })
      use(outcome)
      for (const path of outcome.written) reporter.remark(`wrote ${path}`)
      for (const path of outcome.kept) reporter.remark(`kept ${path}, which was there`)
      if (outcome.exitCode === 0) {
        reporter.remark(`next: ${outcome.place === '.' ? '' : `cd ${outcome.place} && `}tsdbt build`)
      }
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    case 'clean': {
      const { cleanProject } = await import('../commands/clean.ts')
      const outcome = await cleanProject(options)
      use(outcome)
      for (const path of outcome.removed) reporter.remark(`removed ${path}`)
      if (outcome.removed.length === 0 && outcome.exitCode === 0) reporter.remark('nothing to remove')
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    case 'deps': {
      const { installDependencies } = await import('../commands/deps.ts')
      const outcome = await installDependencies(options, depsOptions(values))
      use(outcome)
      for (const line of describePackages(outcome)) reporter.remark(line)
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    case 'debug': {
      const { debugProject } = await import('../commands/debug.ts')
      const outcome = await debugProject(options)
      use(outcome)
      printChecks(outcome, reporter)
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    default:
      return undefined
  }
}

/** What can be refused before anything is read. */
function checkArguments({ verb, values, argument }: Request): void {
  if (verb.words !== undefined) {
    const known = verb.words.map((word) => `${verb.name} ${word}`)
    if (argument === undefined)
      throw new UserError(
        missingArgument({
          command: verb.name,
          argument: verb.words.map((w) => `\`${w}\``).join(' or '),
          example: `tsdbt ${known[0]}`,
        }),
      )
    const later = laterCommands.get(`${verb.name} ${argument}`)
    if (later !== undefined) throw new UserError(notInThisVersion({ what: `${verb.name} ${argument}`, reason: later }))
    if (!verb.words.includes(argument))
      throw new UserError(unknownCommand({ command: `${verb.name} ${argument}`, known }))
  }
  if (verb.name === 'run-operation') {
    if (values.has('sql') && (argument !== undefined || values.has('args'))) {
      const second = argument === undefined ? '--args' : argument
      throw new UserError(
        conflictingOptions({ first: '--sql', second, why: 'one is a statement, the other belongs to a macro' }),
      )
    }
    if (!values.has('sql') && argument === undefined) {
      const example = `tsdbt run-operation my_macro --args '{name: value}'`
      throw new UserError(missingArgument({ command: verb.name, argument: 'the name of a macro, or `--sql`', example }))
    }
  }
  if (values.get('warn-error') === true && values.has('warn-error-options')) {
    const why = '`--warn-error` is `--warn-error-options {error: all}`'
    throw new UserError(conflictingOptions({ first: '--warn-error', second: '--warn-error-options', why }))
  }
  const type = ['resource-type', 'resource-types'].find((name) => values.has(name))
  const models = ['models', 'model'].find((name) => values.has(name))
  if (verb.name === 'ls' && models !== undefined && type !== undefined) {
    const why = '`--models` already lists models only'
    throw new UserError(conflictingOptions({ first: `--${models}`, second: `--${type}`, why }))
  }
  if (verb.name !== 'show' && verb.name !== 'compile') return
  const selects = ['select', 'models', 'model', 'selector'].find((name) => values.has(name))
  if (values.has('inline') && selects !== undefined) {
    throw new UserError(
      conflictingOptions({ first: '--inline', second: `--${selects}`, why: 'one names a text, the other nodes' }),
    )
  }
  if (verb.name === 'show' && !values.has('inline') && selects === undefined) {
    throw new UserError(
      missingArgument({ command: 'show', argument: '`--select` or `--inline`', example: 'tsdbt show --select orders' }),
    )
  }
}

async function runOnEngine(
  engine: Engine,
  request: Request,
  reporter: Reporter,
  use: (outcome: Outcome) => void,
): Promise<Outcome> {
  const { verb, values, argument } = request
  switch (verb.name) {
    case 'parse': {
      const outcome = await engine.parse()
      use(outcome)
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    case 'compile': {
      const outcome = await engine.compile(compileOptions(values))
      use(outcome)
      printCompiled(outcome, values, reporter)
      reporter.diagnostics(outcome.diagnostics, [], true)
      return outcome
    }
    case 'ls': {
      const outcome = await engine.ls(listOptions(values))
      use(outcome)
      printListing(outcome, values, reporter)
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    case 'show': {
      const outcome = await engine.show(showOptions(values))
      use(outcome)
      printPreviews(outcome.tables, values, reporter)
      reporter.diagnostics(outcome.diagnostics, [], true)
      return outcome
    }
    case 'prune':
      return runPrune(engine, values, reporter, use)
    case 'docs': {
      const outcome = await engine.docsGenerate(docsOptions(values))
      use(outcome)
      reporter.diagnostics(outcome.diagnostics)
      const { found, asked } = outcome
      const others = found < asked ? '; the others are not built' : ''
      if (outcome.exitCode === 0) reporter.remark(`catalog.json has ${found} of ${asked} relations${others}`)
      return outcome
    }
    case 'source':
    case 'freshness': {
      const outcome = await engine.freshness(freshnessOptions(values))
      use(outcome)
      reporter.diagnostics(outcome.diagnostics)
      if (outcome.exitCode !== 2) reporter.freshnessSummary(outcome)
      return outcome
    }
    case 'run-operation': {
      const outcome = await engine.runOperation(operationOptions(values, argument))
      use(outcome)
      printOperation(outcome, argument, values, reporter)
      reporter.diagnostics(outcome.diagnostics)
      return outcome
    }
    default:
      return runNodes(engine, request, reporter, use)
  }
}

const showRows = 10

async function runNodes(
  engine: Engine,
  request: Request,
  reporter: Reporter,
  use: (outcome: Outcome) => void,
): Promise<RunReport> {
  const options = request.verb.name === 'clone' ? cloneOptions(request.values) : runOptions(request.values)
  const report = await startRun(engine, request.verb.name, options)
  use(report)
  const show = async () => {
    if (options.show === true) await showSeeds(engine, report, request.values, reporter)
  }
  await tellRun(report, options.dryRun === true, reporter, show)
  return report
}

/** What a run gave: its plan when it was dry, else its results. `before` comes ahead of the counts. */
async function tellRun(
  report: RunReport,
  dryRun: boolean,
  reporter: Reporter,
  before: () => Promise<void> = async () => undefined,
): Promise<void> {
  if (dryRun && report.exitCode === 0) printPlan(report, reporter)
  if (!dryRun) reporter.finished(report)
  reporter.diagnostics(report.diagnostics, report.results)
  const couldNotRun = report.exitCode === 2 && report.results.length === 0
  if (dryRun || couldNotRun) return
  await before()
  reporter.summary(report)
}

function startRun(engine: Engine, verb: VerbName, options: ReturnType<typeof runOptions>): Promise<RunReport> {
  if (verb === 'run') return engine.run(options)
  if (verb === 'clone') return engine.clone(options)
  if (verb === 'test') return engine.test(options)
  if (verb === 'seed') return engine.seed(options)
  if (verb === 'snapshot') return engine.snapshot(options)
  if (verb === 'load') return engine.load(options)
  if (verb === 'export') return engine.export(options)
  return engine.build(options)
}

/** The first rows of the seeds that were loaded. */
async function showSeeds(engine: Engine, report: RunReport, values: FlagValues, reporter: Reporter): Promise<void> {
  const loaded = report.results.filter((result) => result.status === 'success' && result.uniqueId.startsWith('seed.'))
  if (loaded.length === 0) return
  const select = loaded.map((result) => result.uniqueId.split('.').slice(1).join('.'))
  const shown = await engine.show({ select, resourceTypes: ['seed'], limit: showRows })
  printPreviews(shown.tables, values, reporter)
}
