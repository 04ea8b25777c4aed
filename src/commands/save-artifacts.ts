import { relative, resolve } from 'node:path'
import { buildCatalog, type CatalogInput } from '../artifacts/catalog.ts'
import type { CompiledText, ManifestInput } from '../artifacts/manifest-input.ts'
import { customEnvironment, type Invocation } from '../artifacts/metadata.ts'
import type { RunArguments } from '../artifacts/run-results.ts'
import { buildSourcesResult } from '../artifacts/sources-result.ts'
import type { StateEntry } from '../artifacts/state/state-entry.ts'
import {
  type ArtifactPlace,
  type BatchText,
  writeBatches,
  writeCompiled,
  writeExecuted,
  writeManifest,
  writeRunResults,
  writeWhole,
} from '../artifacts/write-artifacts.ts'
import type { Node } from '../project/resource.ts'
import type { FreshnessRun } from '../runner/freshness-result.ts'
import type { RunOutcome } from '../runner/node-result.ts'
import type { RunOptions } from './options.ts'
import type { Workspace } from './workspace.ts'

/** What a command leaves in `target/`. */
export interface Artifacts {
  readonly compiled: ReadonlyMap<string, CompiledText>
  /** Batches that were compiled, by unique id of their model. */
  readonly batches?: ReadonlyMap<string, readonly BatchText[]> | undefined
  /** Statements that were executed, by unique id. */
  readonly executed: ReadonlyMap<string, readonly string[]>
  readonly run?: RunToSave | undefined
  /** Entries of the state that the command deferred to. */
  readonly deferTo?: ReadonlyMap<string, StateEntry> | undefined
}

/** A run that came to its end, or was stopped. */
export interface RunToSave {
  readonly outcome: RunOutcome
  readonly which: string
  readonly options: RunOptions
  /** Everything that was selected, also what this command does not execute. */
  readonly selected: ReadonlySet<string>
}

/** What the manifest of this invocation is made from. */
export function manifestInput(
  workspace: Workspace,
  { compiled, executed, deferTo }: Omit<Artifacts, 'run'>,
): ManifestInput {
  const { project, graph, target, targetInfo } = workspace
  return {
    project,
    graph,
    compiled,
    executed: new Set(executed.keys()),
    invocation: invocationOf(workspace),
    adapterType: target.engine.type,
    deferTo,
    target: { database: targetInfo.database, schema: targetInfo.schema },
    relationName: (relation) => target.engine.dialect.relation(relation),
  }
}

/** Where artifacts go: `--target-path` from the process's folder, `target-path` of the project from the project. */
export function targetFolder({ project, options }: Workspace): string {
  return options.targetPath === undefined ? resolve(project.root, project.targetPath) : resolve(options.targetPath)
}

/** Writes them, and tells of each. Raises `UserError` when the folder cannot be written. */
export async function saveArtifacts(workspace: Workspace, artifacts: Artifacts): Promise<void> {
  const { graph, project, secrets, emit, target } = workspace
  const place: ArtifactPlace = { folder: targetFolder(workspace), scrub: (text) => secrets.scrub(text) }
  const tell = (artifact: string, path: string) =>
    emit({ type: 'artifact.written', artifact, path: relative(project.root, path) })
  await writeCompiled(place, graph, artifacts.compiled)
  if (artifacts.batches !== undefined) await writeBatches(place, graph, artifacts.batches)
  const statements = new Map([...artifacts.executed].map(([id, list]) => [id, list.join(';\n\n')]))
  await writeExecuted(place, graph, statements)
  tell('WritableManifest', await writeManifest(place, manifestInput(workspace, artifacts)))
  if (artifacts.run === undefined) return
  const path = await writeRunResults(place, {
    graph,
    outcome: artifacts.run.outcome,
    arguments: runArguments(workspace, artifacts.run.which, artifacts.run.options),
    invocation: invocationOf(workspace),
    relationName: (relation) => target.engine.dialect.relation(relation),
  })
  tell('RunExecutionResult', path)
}

/** Writes `sources.json` to an absolute path. */
export async function saveSources(workspace: Workspace, run: FreshnessRun, path: string): Promise<void> {
  const { graph, project, secrets, emit } = workspace
  const place = { folder: targetFolder(workspace), scrub: (text: string) => secrets.scrub(text) }
  const artifact = buildSourcesResult({ graph, run, invocation: invocationOf(workspace) })
  await writeWhole(place, path, artifact)
  emit({ type: 'artifact.written', artifact: 'FreshnessExecutionResultArtifact', path: relative(project.root, path) })
}

/** Writes `catalog.json`; resolves to the number of relations in it. */
export async function saveCatalog(
  workspace: Workspace,
  nodes: readonly Node[],
  found: Pick<CatalogInput, 'details' | 'ignoresCase'>,
): Promise<number> {
  const { project, secrets, emit } = workspace
  const place = { folder: targetFolder(workspace), scrub: (text: string) => secrets.scrub(text) }
  const catalog = buildCatalog({ nodes, ...found, invocation: invocationOf(workspace) })
  const path = await writeWhole(place, resolve(place.folder, 'catalog.json'), catalog)
  emit({ type: 'artifact.written', artifact: 'CatalogArtifact', path: relative(project.root, path) })
  return Object.keys(catalog.nodes).length + Object.keys(catalog.sources).length
}

function invocationOf({ runId, startedAt, options }: Workspace): Invocation {
  const environment = customEnvironment(options.env ?? {})
  return { id: runId, startedAt, generatedAt: new Date().toISOString(), environment }
}

function runArguments(workspace: Workspace, which: string, o: RunOptions): RunArguments {
  const { options, project, target, targetInfo } = workspace
  return {
    which,
    invocation_command: options.invocation ?? `tsdbt ${which}`,
    profiles_dir: target.written.folder,
    project_dir: project.root,
    profile: targetInfo.profileName,
    target: targetInfo.name,
    threads: targetInfo.threads,
    vars: workspace.commandVars,
    select: o.select ?? [],
    exclude: o.exclude ?? [],
    selector: o.selector ?? null,
    indirect_selection: o.indirectSelection ?? 'eager',
    resource_types: o.resourceTypes ?? [],
    exclude_resource_types: o.excludeResourceTypes ?? [],
    full_refresh: o.fullRefresh ?? false,
    fail_fast: o.failFast ?? false,
    empty: o.empty ?? false,
    ...timeArguments(o),
    store_failures: o.storeFailures ?? false,
    ...(o.publish === true ? { publish: true } : {}),
    warn_error: o.warnError ?? false,
    write_json: o.writeJson ?? true,
    all_or_nothing: o.allOrNothing ?? false,
    ...('tables' in o ? { tables: o.tables === true } : {}),
    defer: options.defer ?? false,
    favor_state: options.favorState ?? false,
    state: options.state === undefined ? null : resolve(options.state),
    defer_state: options.deferState === undefined ? null : resolve(options.deferState),
    target_path: targetFolder(workspace),
  }
}

/** dbt's names; left out when they were not given. */
function timeArguments({ eventTimeStart, eventTimeEnd, sample, now, again }: RunOptions): Partial<RunArguments> {
  const text = (time: string | Date) => (typeof time === 'string' ? time : time.toISOString())
  return {
    // A second retry counts from the first run, too.
    ...(again === undefined || now === undefined ? {} : { now: text(now) }),
    ...(eventTimeStart === undefined ? {} : { event_time_start: text(eventTimeStart) }),
    ...(eventTimeEnd === undefined ? {} : { event_time_end: text(eventTimeEnd) }),
    ...(sample === undefined ? {} : { sample: typeof sample === 'string' ? sample : JSON.stringify(sample) }),
  }
}
