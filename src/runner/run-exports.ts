import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Export } from '../project/resource.ts'
import { annotate } from './annotate.ts'
import type { UnitOutcome } from './close-unit.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { exportInputMissing } from './errors.ts'
import type { ExportEnding, ExportInput, ExportTask, StandingFile } from './exporter.ts'
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
  tellStanding(
    context,
    settled.map((s) => (s.status === 'fulfilled' ? s.value : null)),
  )
}

/** Writes the results of all exports when nothing of the run is made. */
export async function skipExports(context: RunContext, blockedBy: string): Promise<void> {
  tellStanding(context, await Promise.all(context.request.exports.map((node) => skipExport(context, node, blockedBy))))
}

/** Gives what readers keep when the export was not made. */
async function runExport(context: RunContext, node: Export, outcomes: Outcomes): Promise<StandingFile | null> {
  const blockedBy = await firstFailure(context, node, outcomes)
  if (blockedBy !== null || context.stop.reason !== null) return await skipExport(context, node, blockedBy)
  try {
    return await context.pool.run(-1, (worker) => makeExport(context, worker, node))
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    return context.book.has(node.uniqueId) ? null : await skipExport(context, node, null)
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

async function skipExport(context: RunContext, node: Export, blockedBy: string | null): Promise<StandingFile | null> {
  const { book, request, stop } = context
  const why =
    blockedBy === null ? stopMessage(stop.reason) : skipMessage(request.graph.nodes.get(blockedBy)?.name ?? blockedBy)
  const kept = await request.exporter.standing(node)
  book.skip(node, `${why}${standingWords(kept)}`, blockedBy)
  return kept
}

function standingWords(kept: StandingFile | null): string {
  return kept === null ? '' : `; ${kept.shown} stays as it was${sinceWords(kept)}`
}

function sinceWords({ since }: StandingFile): string {
  return since === null ? '' : ` (of ${since})`
}

/** Files that are old though the run is over are told together: their readers may want to know. */
function tellStanding({ request }: RunContext, standing: readonly (StandingFile | null)[]): void {
  const kept = standing.filter((file) => file !== null)
  if (kept.length === 0) return
  const shown = kept.slice(0, toldFiles).map((file) => `${file.shown}${sinceWords(file)}`)
  const more = kept.length > toldFiles ? ` and ${kept.length - toldFiles} more` : ''
  const left = kept.length === 1 ? 'Left as it was' : 'Left as they were'
  request.emit({ type: 'message', level: 'info', text: `${left}: ${shown.join(', ')}${more}` })
}

const toldFiles = 10

/** Gives what readers keep when the export failed. */
async function makeExport(context: RunContext, worker: Worker, node: Export): Promise<StandingFile | null> {
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
    return null
  } catch (error) {
    if (error instanceof CancelledError) {
      book.close(open, { status: 'skipped', message: stopMessage(stop.reason) })
      return await request.exporter.standing(node)
    }
    if (!(error instanceof UserError) && !(error instanceof DatabaseError)) throw error
    // What is no mistake in a file has at least the export as its place.
    const diagnostics = diagnosticsOf(error, { node, statement: null, see: undefined }).map((d) =>
      d.span === undefined && d.data === undefined ? { ...d, span: node.span } : d,
    )
    const kept = await request.exporter.standing(node)
    const what = diagnostics[0]?.message ?? 'failed'
    book.close(open, { status: 'error', message: `${what}${standingWords(kept)}`, diagnostics })
    if (request.failFast) stop.stop('fail-fast')
    return kept
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
