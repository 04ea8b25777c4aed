import { InternalError, UserError } from '../base/errors.ts'
import type { Step } from '../materializations/step.ts'
import type { NodeRelation } from '../project/resource.ts'
import { annotate } from './annotate.ts'
import { applyIncrement } from './apply-increment.ts'
import { checkContract } from './check-contract.ts'
import type { MemberRun } from './member-run.ts'
import { guardedOf, placed, placedStorage } from './member-storage.ts'
import { runBatchStep } from './run-batches.ts'
import { checkConstraints, ensureConstraints } from './run-constraints.ts'
import type { RunContext } from './run-context.ts'
import { runFeature } from './run-features.ts'
import { applySnapshot, buildSnapshot, stageSnapshot } from './run-snapshot.ts'
import { executeFor, observed, plain } from './run-statement.ts'
import type { Worker } from './worker-pool.ts'

const counted = new Set(['create table', 'create view', 'create materialized view', 'create function'])

/** Executes steps of a member's plan in order. Raises `UserError` or `CancelledError` at the first that fails. */
export async function runSteps(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  steps: readonly Step[],
): Promise<void> {
  for (const step of steps) await runStep(context, worker, member, step)
}

/** The compiled file of a node does not hold its hooks. */
function isHook(label: string): boolean {
  return label === 'pre-hook' || label === 'post-hook'
}

async function runStep(context: RunContext, worker: Worker, member: MemberRun, step: Step): Promise<void> {
  const { session } = worker
  annotate(context, worker, member.node)
  switch (step.kind) {
    case 'statement': {
      const rows = await executeFor(context, worker, member.node, step.sql, isHook(step.label))
      if (!counted.has(step.label)) return
      member.did = step.label
      member.rows = rows
      return
    }
    case 'stage-load': {
      member.load = await session.stageLoad(step.request)
      const errors = member.load.result.diagnostics.filter((d) => d.severity === 'error')
      if (member.load.failed) throw new UserError(errors)
      return
    }
    case 'publish-load':
      if (member.load === null) throw new InternalError(`${step.uniqueId} is published before its files were read`)
      return session.publishLoad(member.load)
    case 'load-seed': {
      const { rows, diagnostics } = await session.loadSeed(step.request)
      const { empty } = context.request.batching
      if (empty) await executeFor(context, worker, member.node, plain(deleteAll(context, step.request.target)))
      member.did = step.label
      member.rows = empty ? 0 : rows
      member.warnings = diagnostics
      return
    }
    case 'apply-increment': {
      const { did, rows } = await applyIncrement(context, worker, member.node, step.increment)
      if (did !== '') member.did = did
      member.rows = rows
      return
    }
    case 'build-snapshot':
      return buildSnapshot(context, worker, member, step)
    case 'stage-snapshot':
      return stageSnapshot(context, worker, member, step)
    case 'apply-snapshot':
      return applySnapshot(context, worker, member)
    case 'stage-batches':
    case 'collect-batches':
    case 'apply-batches':
    case 'chain-batches':
      return runBatchStep(context, worker, member, step)
    case 'prepare-replacement':
      member.replacement = await placed(context, member, async () =>
        guardedOf(worker).prepareReplacement(await placedStorage(context, worker, member, step.request)),
      )
      return
    case 'publish-replacement': {
      const { replacement } = member
      if (member.refreshed) return
      if (replacement === null) throw new InternalError(`${member.node.uniqueId} is published unprepared`)
      return placed(context, member, () => guardedOf(worker).publishReplacement(replacement))
    }
    case 'check-contract':
      return checkContract(context, worker, member, step.request)
    case 'check-constraints':
      return checkConstraints(context, worker, member, step.request)
    case 'ensure-constraints':
      return ensureConstraints(context, worker, member, step)
    case 'replace-view': {
      const { target, sql } = step.request
      const statement = context.dialect.createView(target, sql, { replace: true })
      await observed(context, worker, member.node, statement, () => guardedOf(worker).replaceView(step.request))
      if (counted.has(step.label)) member.did = step.label
      return
    }
    default:
      return runFeature(context, worker, member, step)
  }
}

/** `--empty`: the file decides about columns and types, and none of its rows is kept. */
function deleteAll({ dialect }: RunContext, relation: NodeRelation): string {
  return `delete from ${dialect.relation(relation)}`
}
