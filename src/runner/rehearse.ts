import { InternalError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import { increment } from '../materializations/increment.ts'
import { metaColumns, snapshotSpec } from '../materializations/snapshot/snapshot-spec.ts'
import type { SnapshotRequest } from '../materializations/step.ts'
import type { Model, NodeRelation, Snapshot } from '../project/resource.ts'
import { applyIncrement } from './apply-increment.ts'
import { MemberRun } from './member-run.ts'
import type { RunContext } from './run-context.ts'
import { applySnapshot, buildSnapshot, stageSnapshot } from './run-snapshot.ts'
import { executeFor, plain } from './run-statement.ts'
import type { Worker } from './worker-pool.ts'

/** A node that changes its rows where they are, and a table of an open transaction that plays the part of its own. */
export interface Rehearsal {
  readonly node: Model | Snapshot
  readonly table: NodeRelation
  /** Milliseconds by which a snapshot's time is later than the run's. */
  readonly later?: number
}

/** Brings the rows of a query into the table, by the very statements of a run. Raises `UserError`. */
export async function rehearse(
  context: RunContext,
  worker: Worker,
  { node, table, later = 0 }: Rehearsal,
  query: MappedText,
): Promise<void> {
  const staged = context.shapes.scratch(node.relation.identifier)
  if (node.resourceType === 'snapshot') {
    const member = new MemberRun(node)
    const request = snapshotRequest(context, node, { table, later, query })
    await stageSnapshot(context, worker, member, { kind: 'stage-snapshot', label: 'stage changes', staged, request })
    await applySnapshot(context, worker, member)
  } else {
    await executeFor(context, worker, node, context.dialect.createTableAs(staged, query))
    await applyIncrement(context, worker, node, { ...increment(node, staged), target: table })
  }
  await executeFor(context, worker, node, plain(context.dialect.drop(staged, 'table')))
}

/** Makes the table as the first run of the node does. */
export async function rehearseFirst(
  context: RunContext,
  worker: Worker,
  { node, table }: Rehearsal,
  query: MappedText,
): Promise<void> {
  if (node.resourceType === 'model') {
    await executeFor(context, worker, node, context.dialect.createTableAs(table, query))
    return
  }
  const request = snapshotRequest(context, node, { table, later: 0, query })
  const step = {
    kind: 'build-snapshot',
    label: 'create table',
    target: table,
    options: { replace: false },
    request,
  } as const
  await buildSnapshot(context, worker, new MemberRun(node), step)
}

function snapshotRequest(
  { load }: RunContext,
  node: Snapshot,
  { table, later, query }: { readonly table: NodeRelation; readonly later: number; readonly query: MappedText },
): SnapshotRequest {
  const at = new Date(Date.parse(load.loadedAt) + later)
  if (Number.isNaN(at.getTime())) throw new InternalError(`no time of the run: ${load.loadedAt}`)
  const spec = { ...snapshotSpec(node, at.toISOString(), true), target: table }
  return { spec, meta: metaColumns(node.config), query }
}
