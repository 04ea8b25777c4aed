import { randomUUID } from 'node:crypto'
import type { Adapter } from '../adapters/adapter.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import type { Emit } from '../base/events.ts'
import { Scrubber } from '../base/scrub.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { WarningPolicy } from '../base/warning-policy.ts'
import { type CompileTime, ProjectCompiler } from '../compile/create-compiler.ts'
import type { ConfigValue } from '../config/node-config.ts'
import { parseCommandVars } from '../config/read-vars.ts'
import { checkMetadata } from '../exports/check-metadata.ts'
import { buildGraph } from '../graph/build-graph.ts'
import type { Graph } from '../graph/graph.ts'
import { SavedSelectors } from '../graph/selection/saved-selectors.ts'
import { targetDict } from '../project/load-host.ts'
import type { TargetInfo } from '../project/load-options.ts'
import { loadProject } from '../project/load-project.ts'
import { declaredVarsOf, type Project, varsOf } from '../project/project.ts'
import type { NodeRelation } from '../project/resource.ts'
import { lookUpVariable, variableNames } from '../project/variables.ts'
import { locateProject } from './locate-project.ts'
import type { EngineOptions } from './options.ts'
import { queryComments } from './query-comment.ts'
import { type ResolvedTarget, resolveTarget } from './resolve-target.ts'
import { warningPolicyOf } from './warning-policy-of.ts'

const defaultThreads = 4

/** A project that was read, with the target it is for. No connection is open. */
export interface Workspace {
  readonly options: EngineOptions
  readonly project: Project
  readonly graph: Graph
  readonly target: ResolvedTarget
  readonly targetInfo: TargetInfo
  /** Values of `--vars`. */
  readonly commandVars: { readonly [name: string]: ConfigValue }
  readonly files: SourceSet
  readonly secrets: Scrubber
  /** UUID of this invocation; its first eight digits end the names of staged relations. */
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Sorted. */
  readonly diagnostics: readonly Diagnostic[]
  /** True when a mistake keeps anything from running. */
  readonly broken: boolean
  /** What becomes of warnings, those of commands included. */
  readonly warnings: WarningPolicy
  readonly emit: Emit
}

/** Reads the project. Mistakes in it are collected; `UserError` is raised when there is no project or no target. */
export function openWorkspace(options: EngineOptions): Workspace {
  const began = performance.now()
  const warnings = warningPolicyOf(options)
  const emit = judging(warnings, options.on)
  const secrets = options.secrets ?? Scrubber.fromEnvironment(options.env ?? {})
  const root = locateProject(options.projectDir ?? '.')
  const vars = readVariables(options.vars)
  const target = resolveTarget(root, vars, options, secrets)
  const { profile, written } = target
  const targetInfo: TargetInfo = {
    profileName: written.profileName,
    name: written.targetName,
    type: target.engine.type,
    database: profile.database,
    schema: profile.schema,
    threads: options.threads ?? profile.threads ?? defaultThreads,
    schemaNaming: profile.schemaNaming,
    maxIdentifierBytes: target.engine.dialect.maxIdentifierBytes,
  }
  const project = loadProject({
    root,
    target: targetInfo,
    vars,
    env: options.env ?? {},
    targetPath: options.targetPath,
  })
  project.files.add(written.file)
  const { graph, diagnostics } = buildGraph(project)
  const saved = new SavedSelectors(project.selectors)
  const found = [...project.diagnostics, ...diagnostics, ...saved.diagnostics, ...checkMetadata(project, graph)]
  const all = [...warnings.apply(found)].sort(compareDiagnostics)
  const { models, seeds, snapshots, sources, tests, unitTests, exposures, exports, analyses, functions } = project
  const counts = {
    models: models.length,
    seeds: seeds.length,
    snapshots: snapshots.length,
    sources: sources.length,
    tests: tests.length,
    'unit tests': unitTests.length,
    functions: functions.length,
    exposures: exposures.length,
    exports: exports.length,
    analyses: analyses.length,
  }
  emit({ type: 'project.loaded', counts, seconds: (performance.now() - began) / 1000 })
  return {
    options,
    project,
    graph,
    target,
    targetInfo,
    commandVars: vars,
    files: project.files,
    secrets,
    runId: options.invocationId ?? randomUUID(),
    startedAt: new Date().toISOString(),
    diagnostics: all,
    broken: all.some((d) => d.severity === 'error'),
    warnings,
    emit,
  }
}

/** Tells of warnings as what they count. */
function judging(warnings: WarningPolicy, on: EngineOptions['on']): Emit {
  if (on === undefined) return () => undefined
  return (event) => {
    if (event.type !== 'diagnostic' && event.type !== 'selection.empty') on(event)
    else for (const diagnostic of warnings.apply([event.diagnostic])) on({ ...event, diagnostic })
  }
}

/** The variables of the command line. Raises `UserError` for text that is no YAML mapping. */
export function readVariables(vars: EngineOptions['vars']): { readonly [name: string]: ConfigValue } {
  if (vars === undefined) return {}
  if (typeof vars !== 'string') return vars as { readonly [name: string]: ConfigValue }
  const parsed = parseCommandVars(vars)
  if (parsed.diagnostics.length > 0) throw new UserError(parsed.diagnostics)
  return parsed.vars
}

/** Opens the warehouse. Raises `UserError` when that is not possible. */
export function connect(workspace: Workspace): Promise<Adapter> {
  const { target, options, runId, targetInfo } = workspace
  return target.engine.open(target.profile, {
    baseDir: target.written.folder,
    threads: targetInfo.threads,
    runId: runId.slice(0, 8),
    waitMs: options.waitMs ?? 0,
    comment: queryComments(workspace)(null),
    signal: options.signal,
    span: target.written.typeSpan,
  })
}

/** What references read, as the options of a command say it. */
export interface Reading {
  readonly empty: boolean
  readonly time: CompileTime
  /** Where nodes are read that another run has built. */
  readonly deferred?: ReadonlyMap<string, NodeRelation> | undefined
}

/** A compiler for one command. `report` is told of warnings that templates give. */
export function createCompiler(
  workspace: Workspace,
  reading: Partial<Reading>,
  report: (d: Diagnostic) => void,
): ProjectCompiler {
  const { project, target, targetInfo, options, emit } = workspace
  return new ProjectCompiler({
    project,
    empty: reading.empty ?? false,
    deferred: reading.deferred,
    time: reading.time ?? { now: Date.parse(workspace.startedAt), window: null, sample: null },
    report,
    context: {
      engine: target.engine.type,
      dialect: target.engine.dialect,
      target: targetDict(targetInfo),
      variable: (name, packageName) => lookUpVariable(varsOf(project, packageName), name),
      variableNames: (packageName) => variableNames(varsOf(project, packageName)),
      declaredVars: (packageName) => declaredVarsOf(project, packageName),
      env: options.env ?? {},
      say: (_level, text) => emit({ type: 'message', level: 'info', text }),
    },
  })
}
