import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

/** Runs the selected tests on what is published, and unit tests on what they give. */
export function test(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  return runNodes(
    workspace,
    {
      command: 'test',
      audit: false,
      includes: (node) => node.resourceType === 'test' || node.resourceType === 'unit_test',
    },
    options,
  )
}
