import type { Adapter } from '../adapters/adapter.ts'
import { batchPath, outputPath } from '../artifacts/manifest-input.ts'
import type { Event } from '../base/events.ts'
import type { TableauAccount } from '../exports/tableau/publish/tableau-account.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import type { Batching } from '../runner/batching.ts'
import type { RunRequest } from '../runner/run-request.ts'
import { createExporter } from './create-exporter.ts'
import type { RunOptions } from './options.ts'
import { queryComments } from './query-comment.ts'
import { targetFolder } from './save-artifacts.ts'
import type { Workspace } from './workspace.ts'

/** What the runner is asked to do, from what a command knows. Statements of nodes are collected in `executed`. */
export function runRequest(input: {
  readonly workspace: Workspace
  readonly options: RunOptions
  readonly units: readonly PublicationUnit[]
  readonly exposures: RunRequest['exposures']
  readonly exports?: RunRequest['exports']
  readonly account?: TableauAccount | null
  readonly adapter: Adapter
  readonly compiler: RunRequest['compiler']
  readonly executed: Map<string, string[]>
  readonly batching?: Batching
}): RunRequest {
  const { workspace, options, executed } = input
  const { project, graph, targetInfo, target } = workspace
  const compiledFolder = `${targetFolder(workspace)}/compiled`
  const shown = compiledFolder.startsWith(`${project.root}/`)
    ? compiledFolder.slice(project.root.length + 1)
    : compiledFolder
  return {
    graph,
    units: input.units,
    exposures: input.exposures,
    exports: input.exports ?? [],
    exporter: createExporter(workspace, input.adapter, {
      exports: input.exports ?? [],
      publish: options.publish === true,
      account: input.account ?? null,
    }),
    operations: options.idempotence === true ? [] : project.operations,
    adapter: input.adapter,
    compiler: input.compiler,
    runId: workspace.runId,
    project: project.name,
    target: { name: targetInfo.name, database: target.profile.database, schema: target.profile.schema },
    projectRoot: project.root,
    threads: targetInfo.threads,
    fullRefresh: options.fullRefresh ?? false,
    partialInput: options.empty === true || options.sample !== undefined,
    batching: input.batching ?? { now: Date.parse(workspace.startedAt), window: null, given: new Map(), empty: false },
    failFast: options.failFast ?? false,
    storeFailures: options.storeFailures ?? false,
    warnings: workspace.warnings,
    idempotence: options.idempotence,
    // Only queries are compiled.
    compiledPath: (node, batch) =>
      node.resourceType === 'seed' || node.resourceType === 'source'
        ? undefined
        : `${shown}/${batch === undefined ? outputPath(node) : batchPath(node, batch)}`,
    commentOf: queryComments(workspace),
    emit: (event: Event) => {
      if (event.type === 'statement.finished' && event.node !== null && options.writeJson !== false) {
        const list = executed.get(event.node)
        if (list === undefined) executed.set(event.node, [event.sql])
        else list.push(event.sql)
      }
      workspace.emit(event)
    },
    signal: workspace.options.signal,
  }
}
