import type { Snapshot } from '../project/resource.ts'
import type { PlanContext, PlanInput } from './plan-input.ts'
import { metaColumns, snapshotSpec } from './snapshot/snapshot-spec.ts'
import type { SnapshotRequest } from './step.ts'

/** What a snapshot's steps are told. The history is only ever made, never replaced, so no flag is asked. */
export function snapshotRequest(
  { compiled }: PlanInput,
  node: Snapshot,
  context: Pick<PlanContext, 'load' | 'partialInput'>,
): SnapshotRequest {
  const spec = snapshotSpec(node, context.load.loadedAt, !context.partialInput)
  return { spec, meta: metaColumns(node.config), query: compiled!.sql }
}
