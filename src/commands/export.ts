import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Makes the selected exports of what is published; nothing is built. */
export function exportNodes(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  const includes = ({ resourceType }: { readonly resourceType: string }): boolean => resourceType === 'export'
  return runNodes(workspace, { command: 'export', audit: false, includes }, options)
}
