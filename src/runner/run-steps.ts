import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError, UserError } from '../base/errors.ts'
import { expandIncrement } from '../materializations/expand-increment.ts'
import type { Increment, Step } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import type { Worker } from './worker-pool.ts'

const counted = new Set(['create table', 'create view'])

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
  }
}

async function applyIncrement(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  increment: Increment,
): Promise<void> {
  const { node } = member
  const target = await worker.session.columnsOf(increment.target)
  const staged = await worker.session.columnsOf(increment.staged)
  const { dialect, capabilities } = context.request.adapter
  const expanded = expandIncrement(increment, { target, staged }, { dialect, capabilities })
  const placed = (diagnostic: Diagnostic): Diagnostic => {
    const see = compiledPath(context, node)
    return { ...diagnostic, span: node.span, node: node.uniqueId, ...(see === undefined ? {} : { see }) }
  }
  if (expanded.diagnostics.length > 0) throw new UserError(expanded.diagnostics.map(placed))
  for (const check of expanded.checks) {
    const found = await queryFor(context, worker, node, plain(check.sql))
    if (found.rows.length > 0) throw new UserError({ ...placed(check.diagnostic), rows: sampleRows(found) })
  }
  for (const { label, sql, countsRows } of expanded.statements) {
    const rows = await executeFor(context, worker, node, plain(sql))
    if (!countsRows) continue
    member.did = label
    member.rows = rows
  }
}
