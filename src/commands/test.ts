import type { Node } from '../project/resource.ts'
import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runNodes } from './run-nodes.ts'
import type { Workspace } from './workspace.ts'

function isTest({ resourceType }: Node): boolean {
  return resourceType === 'test' || resourceType === 'unit_test'
}

/** Nodes whose rows a second run could change. */
function changesRows({ resourceType, config }: Node): boolean {
  return resourceType === 'snapshot' || (resourceType === 'model' && config.materialized === 'incremental')
}

/** Runs the selected tests on what is published, and unit tests on what they give; or checks that running twice is the same as once. */
export function test(workspace: Workspace, options: RunOptions = {}): Promise<RunReport> {
  const includes = options.idempotence === true ? changesRows : isTest
  return runNodes(workspace, { command: 'test', audit: false, includes }, options)
}
