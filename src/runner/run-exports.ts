import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Export } from '../project/resource.ts'
import { annotate } from './annotate.ts'
import type { UnitOutcome } from './close-unit.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { exportInputMissing } from './errors.ts'
import type { ExportEnding, ExportInput, ExportTask } from './exporter.ts'
import type { RunContext } from './run-context.ts'
import { skipMessage, stopMessage } from './skip-message.ts'
import type { Worker } from './worker-pool.ts'

/** How the units of a run end, by their ids. */
type Outcomes = ReadonlyMap<string, Promise<UnitOutcome>>

/** Each export begins as soon as what it reads is published and tested. Writes the results of all. */
export async function runExports(context: RunContext, outcomes: Outcomes): Promise<void> {
  const { exports } = context.request
  const settled = await Promise.allSettled(exports.map((node) => runExport(context, node, outcomes)))
  const broken = settled.find((s) => s.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}

async function runExport(context: RunContext, node: Export, outcomes: Outcomes): Promise<void> {
  const blockedBy = await firstFailure(context, node, outcomes)
  if (blockedBy !== null || context.stop.reason !== null) {
    await skipExport(context, node, blockedBy)
    return
  }
  try {
    await context.pool.run(-1, (worker) => makeExport(context, worker, node))
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    if (!context.book.has(node.uniqueId)) await skipExport(context, node, null)
  }
}

/** Waits for the units that decide about an export: those that make what it reads, and those that test it. */
async function firstFailure(context: RunContext, node: Export, outcomes: Outcomes): Promise<string | null> {
  const { graph, units } = context.request
  const above = ancestors(context, node)
  const tests = new Set(
    node.dependsOn.flatMap((id) =>
      (graph.children.get(id) ?? []).filter((child) => graph.nodes.get(child)?.resourceType === 'test'),
    ),
  )
  for (const unit of units) {
    const makes = unit.members.some((id) => above.has(id))
    const judges = [...unit.tests, ...unit.testsAfter].some((id) => tests.has(id))
    if (!makes && !judges) continue
    const blockedBy = (await outcomes.get(unit.id))?.blockedBy ?? null
    if (blockedBy !== null) return blockedBy
    const skipped = unit.members.find((id) => above.has(id) && failed(context, id))
    if (skipped !== undefined) return skipped
  }
  return null
}

function failed({ book }: RunContext, id: string): boolean {
  const status = book.results.find((r) => r.uniqueId === id)?.status
  return status === 'skipped' || status === 'error' || status === 'partial success'
}

/** What an export reads, through nodes that stand still in this run up to those that it makes. */
function ancestors({ request }: RunContext, node: Export): ReadonlySet<string> {
  const { graph, units } = request
  const made = new Set(units.flatMap((unit) => unit.members))
  const seen = new Set(node.dependsOn)
  for (const id of seen) if (!made.has(id)) for (const above of graph.parents.get(id) ?? []) seen.add(above)
  return seen
}

/** Writes the result of an export that is not made, and says what its readers keep. */
export async function skipExport(context: RunContext, node: Export, blockedBy: string | null): Promise<void> {
  const { book, request, stop } = context
  const why =
    blockedBy === null ? stopMessage(stop.reason) : skipMessage(request.graph.nodes.get(blockedBy)?.name ?? blockedBy)
  const kept = await request.exporter.standing(node)
  book.skip(node, kept === null ? why : `${why}; ${kept}`, blockedBy)
}

async function makeExport(context: RunContext, worker: Worker, node: Export): Promise<void> {
  const { book, request, stop } = context
  const open = book.open(node, worker.threadId)
  annotate(context, worker, node)
  try {
    const ending = await open.during('execute', () =>
      tryExport(context, {
        node,
        inputs: exportInputs(context, node),
        session: worker.session,
        threadId: worker.threadId,
        signal: stop.signal,
      }),
    )
    book.close(open, { status: 'success', ...ending })
  } catch (error) {
    if (error instanceof CancelledError) {
      book.close(open, { status: 'skipped', message: stopMessage(stop.reason) })
      return
    }
    if (!(error instanceof UserError) && !(error instanceof DatabaseError)) throw error
    const diagnostics = diagnosticsOf(error, { node, statement: null, see: undefined })
    const kept = await request.exporter.standing(node)
    const what = diagnostics[0]?.message ?? 'failed'
    book.close(open, { status: 'error', message: kept === null ? what : `${what}; ${kept}`, diagnostics })
    if (request.failFast) stop.stop('fail-fast')
  }
}

/** A failed attempt leaves nothing behind, so it is made again while the engine sees a use in it. */
async function tryExport({ request, stop }: RunContext, task: ExportTask): Promise<ExportEnding> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request.exporter.make(task)
    } catch (error) {
      const wait = error instanceof DatabaseError ? (request.adapter.retryAfter?.(error.fault, attempt) ?? null) : null
      if (wait === null || stop.reason !== null) throw error
      const { uniqueId, name } = task.node
      const reason = (error as DatabaseError).fault.message
      request.emit({ type: 'node.retried', node: uniqueId, name, attempt, reason, wait: wait / 1000 })
      await stop.pause(wait)
      if (stop.reason !== null) throw error
    }
  }
}

/** The relations that an export reads, where their readers find them. */
export function exportInputs({ request }: Pick<RunContext, 'request'>, node: Export): readonly ExportInput[] {
  return node.dependsOn.map((id) => {
    const input = request.graph.nodes.get(id)
    const relation = request.compiler.relationOf(id)
    if (input === undefined || !isRelationNode(input) || relation === undefined)
      throw new UserError(exportInputMissing({ name: input?.name ?? id }, { span: node.span, node: node.uniqueId }))
    return { node: input, relation }
  })
}
