import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError, UserError } from '../base/errors.ts'
import { expandIncrement, nullKeyQuery } from '../materializations/expand-increment.ts'
import { withColumnNames } from '../materializations/increment-columns.ts'
import type { Increment, Step } from '../materializations/step.ts'
import type { RelationNode } from '../project/resource.ts'
import type { MemberRun } from './member-run.ts'
import { guardedOf, placed, placedStorage } from './member-storage.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { runFeature } from './run-features.ts'
import { executeFor, observed, plain, queryFor } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import type { Worker } from './worker-pool.ts'

const counted = new Set(['create table', 'create view', 'create materialized view'])

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
      member.did = step.label
      member.rows = rows
      member.warnings = diagnostics
      return
    }
    case 'apply-increment':
      return applyIncrement(context, worker, member, step.increment)
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
    case 'replace-view': {
      const { target, sql } = step.request
      const statement = context.dialect.createView(target, sql, { replace: true })
      await observed(context, worker, member.node, statement, () => guardedOf(worker).replaceView(step.request))
      member.did = step.label
      return
    }
    default:
      return runFeature(context, worker, member, step)
  }
}

async function applyIncrement(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  declared: Increment,
): Promise<void> {
  const { node } = member
  const target = await worker.session.columnsOf(declared.target)
  const staged = await worker.session.columnsOf(declared.staged)
  const increment = withColumnNames(declared, staged)
  const { dialect, capabilities } = context.request.adapter
  const placed = (diagnostic: Diagnostic): Diagnostic => {
    const see = compiledPath(context, node)
    return { ...diagnostic, span: node.span, node: node.uniqueId, ...(see === undefined ? {} : { see }) }
  }
  const expand = (nullKeys: boolean) =>
    expandIncrement(increment, { target, staged, nullKeys }, { dialect, capabilities })
  const { diagnostics } = expand(false)
  if (diagnostics.length > 0) throw new UserError(diagnostics.map(placed))
  const asked = nullKeyQuery(increment, dialect)
  const expanded = expand(asked !== undefined && (await isTrue(context, worker, node, asked)))
  for (const check of expanded.checks) {
    const found = await queryFor(context, worker, node, plain(check.sql))
    if (found.rows.length > 0) throw new UserError({ ...placed(check.diagnostic), rows: sampleRows(found) })
  }
  member.rows = 0
  for (const { label, sql, countsRows } of expanded.statements) {
    const rows = await executeFor(context, worker, node, plain(sql))
    if (!countsRows) continue
    member.did = label
    member.rows += rows ?? 0
  }
}

async function isTrue(context: RunContext, worker: Worker, node: RelationNode, sql: string): Promise<boolean> {
  return (await queryFor(context, worker, node, plain(sql))).rows[0]?.[0] === true
}
