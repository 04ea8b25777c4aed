import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Loads the selected seeds. */
export function seed(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    { command: 'seed', audit: false, includes: (node) => node.resourceType === 'seed' },
    options,
  )
}
