import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Builds the selected models and publishes each at once; no tests. */
export function run(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    { command: 'run', audit: false, includes: (node) => node.resourceType === 'model' },
    options,
  )
}
