import type { Adapter } from '../adapters/adapter.ts'
import type { ProjectExporter } from '../exports/project-exporter.ts'
import type { Exporter } from '../runner/exporter.ts'
import type { Workspace } from './workspace.ts'

/** Makes the exports of a run; what they need is loaded with the first. */
export function createExporter(workspace: Workspace, adapter: Adapter): Exporter {
  let opened: Promise<ProjectExporter> | undefined
  const open = (): Promise<ProjectExporter> => {
    opened ??= openExporter(workspace, adapter)
    return opened
  }
  return {
    make: async (task) => (await open()).make(task),
    plan: async (task) => (await open()).plan(task),
    standing: async (node) => (await open()).standing(node),
    close: async () => undefined,
  }
}

async function openExporter(
  { project, graph, runId, startedAt }: Workspace,
  adapter: Adapter,
): Promise<ProjectExporter> {
  const { ProjectExporter } = await import('../exports/project-exporter.ts')
  return new ProjectExporter({
    projectRoot: project.root,
    project: project.name,
    graph,
    dialect: adapter.dialect,
    engine: adapter.type,
    live: adapter.live ?? null,
    runId,
    startedAt,
  })
}
