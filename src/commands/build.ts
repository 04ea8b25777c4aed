import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Loads, builds and tests the selected nodes in the order of the DAG; publishes only what passed. */
export function build(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    {
      command: 'build',
      audit: true,
      includes: (node) => node.resourceType !== 'analysis' && (node.resourceType !== 'source' || node.files !== null),
    },
    options,
  )
}
