import { resolve } from 'node:path'
import type { Adapter } from '../adapters/adapter.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import type { Source } from '../project/resource.ts'
import { executeFreshness } from '../runner/execute-freshness.ts'
import type { FreshnessRun } from '../runner/freshness-result.ts'
import { hasRules } from '../runner/freshness-verdict.ts'
import { isMeasuredByFiles } from '../runner/measure-freshness.ts'
import { chooseNodes } from './choose-nodes.ts'
import { brokenOutcome, diagnosticsIn } from './close-outcome.ts'
import { filterOfFiles, freshnessWithoutTime, nothingToMeasure } from './errors.ts'
import type { FreshnessOptions } from './options.ts'
import type { FreshnessOutcome } from './outcome.ts'
import { runRequest } from './run-request.ts'
import { saveArtifacts, saveSources, targetFolder } from './save-artifacts.ts'
import { connect, createCompiler, type Workspace } from './workspace.ts'

/** Measures how old the newest rows of the selected sources are; writes `sources.json`. Changes nothing else. */
export async function freshness(workspace: Workspace, options: FreshnessOptions = {}): Promise<FreshnessOutcome> {
  const nothing = { results: [], elapsed: 0 }
  if (workspace.broken) return { ...brokenOutcome(workspace), ...nothing }
  const { project, emit, targetInfo, files, warnings } = workspace
  const selection = chooseNodes(workspace, options)
  const found: Diagnostic[] = [...workspace.diagnostics, ...selection.diagnostics]
  const close = (exitCode: FreshnessOutcome['exitCode'], run: Pick<FreshnessRun, 'results' | 'elapsed'> = nothing) => ({
    exitCode,
    results: run.results,
    elapsed: run.elapsed,
    diagnostics: [...found, ...run.results.flatMap((r) => r.diagnostics)].sort(compareDiagnostics),
    files,
  })
  const sources = project.sources.filter((s) => selection.ids.has(s.uniqueId) && hasRules(s.freshness))
  found.push(...sources.flatMap(mistakesOf))
  if (found.some((d) => d.severity === 'error')) return close(2)
  if (sources.length === 0) {
    if (selection.ids.size > 0) found.push(nothingToMeasure({}))
    return close(0)
  }
  emit({ type: 'command.started', command: 'freshness', at: workspace.startedAt, runId: workspace.runId })
  let adapter: Adapter | undefined
  try {
    const compiler = createCompiler(workspace, {}, (d) => found.push(d))
    const needsWarehouse = project.operations.length > 0 || !sources.every(isMeasuredByFiles)
    if (needsWarehouse) adapter = await connect(workspace)
    const executed = new Map<string, string[]>()
    const run =
      adapter === undefined
        ? null
        : runRequest({ workspace, options, units: [], exposures: [], adapter, compiler, executed })
    const quote = (relation: Source['relation']) => workspace.target.engine.dialect.relation(relation)
    emit({
      type: 'run.started',
      at: new Date().toISOString(),
      threads: targetInfo.threads,
      target: targetInfo.name,
      nodes: sources.length,
    })
    const outcome = await executeFreshness({ sources, projectRoot: project.root, quote, emit, warnings, run })
    found.push(...outcome.operations.flatMap((o) => o.diagnostics))
    if (options.writeJson !== false) await saveArtifacts(workspace, { compiled: new Map(), executed })
    await saveSources(workspace, outcome, outputOf(workspace, options))
    return close(outcome.cancelled ? 130 : failed(outcome) ? 1 : 0, outcome)
  } catch (error) {
    if (error instanceof CancelledError) return close(130)
    found.push(...diagnosticsIn(error))
    return close(2)
  } finally {
    await adapter?.close()
  }
}

function failed({ results, operations }: FreshnessRun): boolean {
  return (
    results.some((r) => r.status === 'error' || r.status === 'runtime error') ||
    operations.some((o) => o.status === 'error')
  )
}

/** Absolute; `--output` is relative to where the command runs, as in dbt. */
function outputOf(workspace: Workspace, { output }: FreshnessOptions): string {
  return output === undefined ? resolve(targetFolder(workspace), 'sources.json') : resolve(output)
}

function mistakesOf(source: Source): readonly Diagnostic[] {
  const { loadedAtField, loadedAtQuery, files, freshness, freshnessPlaces: places, span, uniqueId } = source
  const name = `${source.sourceName}.${source.name}`
  const place = { span: places.freshness ?? span, node: uniqueId }
  if (loadedAtField === null && loadedAtQuery === null && files === null) return [freshnessWithoutTime({ name }, place)]
  const filter = freshness?.filter ?? null
  if (filter === null) return []
  if (isMeasuredByFiles(source)) return [filterOfFiles({ name, by: 'the time of its files' }, place)]
  return loadedAtQuery === null ? [] : [filterOfFiles({ name, by: '`loaded_at_query`' }, place)]
}
