import { dirname, resolve } from 'node:path'
import type { Adapter } from '../adapters/adapter.ts'
import type { HyperService } from '../exports/hyper/hyper-service.ts'
import type { ProjectExporter } from '../exports/project-exporter.ts'
import type { Publisher } from '../exports/publisher.ts'
import type { TableauAccount } from '../exports/tableau/publish/tableau-account.ts'
import type { Export } from '../project/resource.ts'
import type { Exporter } from '../runner/exporter.ts'
import { createPublisher } from './create-publisher.ts'
import type { Workspace } from './workspace.ts'

interface Opened {
  readonly exporter: ProjectExporter
  readonly hyper: HyperService
}

/** What is exported in a run, and where it goes besides its files. */
export interface Exporting {
  readonly exports: readonly Export[]
  /** Whether publishing was asked for. */
  readonly publish: boolean
  /** Null when nothing is published. */
  readonly account: TableauAccount | null
}

/** Makes the given exports of a run; what they need is loaded with the first. */
export function createExporter(workspace: Workspace, adapter: Adapter, exporting: Exporting): Exporter {
  const { account } = exporting
  const publisher = account === null ? null : createPublisher(workspace, account)
  let opened: Promise<Opened> | undefined
  const open = async (): Promise<ProjectExporter> => {
    opened ??= openExporter(workspace, adapter, { ...exporting, publisher })
    return (await opened).exporter
  }
  return {
    make: async (task) => (await open()).make(task),
    plan: async (task) => (await open()).plan(task),
    standing: async (node) => (await open()).standing(node),
    close: async () => {
      await publisher?.close()
      await (await opened)?.hyper.close()
    },
  }
}

async function openExporter(
  workspace: Workspace,
  adapter: Adapter,
  { exports, publish, publisher }: Exporting & { readonly publisher: Publisher | null },
): Promise<Opened> {
  const { project, graph, runId, startedAt, options } = workspace
  const [{ ProjectExporter }, { openHyper }] = await Promise.all([
    import('../exports/project-exporter.ts'),
    import('../exports/hyper/open-hyper.ts'),
  ])
  const places = exports.flatMap((node) => (node.to === null ? [] : [dirname(resolve(project.root, node.to))]))
  const hyper = openHyper({ env: options.env ?? {}, projectRoot: project.root, folders: () => places })
  const exporter = new ProjectExporter({
    projectRoot: project.root,
    project: project.name,
    graph,
    dialect: adapter.dialect,
    engine: adapter.type,
    live: adapter.live ?? null,
    hyper,
    publisher,
    publishes: publish,
    runId,
    startedAt,
  })
  return { exporter, hyper }
}
