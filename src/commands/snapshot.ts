import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Brings the selected snapshots up to date and publishes each at once; no tests. */
export function snapshot(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    { command: 'snapshot', audit: false, includes: (node) => node.resourceType === 'snapshot' },
    options,
  )
}
