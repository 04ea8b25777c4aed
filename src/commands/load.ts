import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Loads the new and changed files of the selected sources. */
export function load(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    { command: 'load', audit: false, includes: (node) => node.resourceType === 'source' && node.files !== null },
    options,
  )
}
