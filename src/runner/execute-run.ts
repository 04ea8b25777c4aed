import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import { closeExposures } from './close-exposures.ts'
import type { UnitOutcome } from './close-unit.ts'
import { configProblems } from './config-problems.ts'
import { continuation } from './continue-after.ts'
import { schemasFailed } from './errors.ts'
import { InputShapes } from './input-shapes.ts'
import type { RunOutcome } from './node-result.ts'
import { recordMade } from './record-made.ts'
import { RelationCatalog, readCatalog } from './relation-catalog.ts'
import { ResultBook } from './result-book.ts'
import type { RunContext } from './run-context.ts'
import { runExports, skipExports } from './run-exports.ts'
import { runEndGlobals } from './run-globals.ts'
import { runOperations } from './run-operations.ts'
import type { RunRequest } from './run-request.ts'
import { schemasOf } from './run-schemas.ts'
import { type Block, runUnit } from './run-unit.ts'
import { skipMessage, stopMessage } from './skip-message.ts'
import { StopSwitch } from './stop-switch.ts'
import { unitPriorities } from './unit-priorities.ts'
import { WorkerPool } from './worker-pool.ts'

/**
 * Executes a plan to its end. Whatever fails in a node is in its result; every node of the plan has one, also when the
 * run is stopped. Raises `UserError` only before anything is executed.
 */
export async function executeRun(request: RunRequest): Promise<RunOutcome> {
  const startedAt = new Date().toISOString()
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  const { units, exposures, exports, emit, signal } = request
  if (units.length + exposures.length + exports.length === 0)
    return { results: [], startedAt, elapsed: elapsed(), cancelled: false }
  refuseBadConfigs(request)
  const nodes = units.reduce(
    (n, u) => n + u.members.length + u.tests.length + u.testsAfter.length,
    exposures.length + exports.length,
  )
  emit({ type: 'run.started', at: startedAt, threads: request.threads, target: request.target.name, nodes })
  const stop = new StopSwitch(request.adapter)
  const cancel = (): void => stop.stop('cancelled')
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const context = await openRun(request, stop, nodes, startedAt)
    if (signal?.aborted === true) cancel()
    await runAll(context)
    const results = context.book.results
    const success = results.every((r) => r.status !== 'error' && r.status !== 'fail' && r.status !== 'skipped')
    emit({ type: 'run.finished', at: new Date().toISOString(), seconds: elapsed(), success })
    return { results, startedAt, elapsed: elapsed(), cancelled: stop.reason === 'cancelled' }
  } finally {
    signal?.removeEventListener('abort', cancel)
    if (stop.reason !== null) request.adapter.resume()
  }
}

function refuseBadConfigs(request: RunRequest): void {
  const found = request.warnings.apply(configProblems(request))
  if (found.some((d) => d.severity === 'error')) throw new UserError(found)
  for (const diagnostic of found) request.emit({ type: 'diagnostic', diagnostic })
}

export async function openRun(
  request: RunRequest,
  stop: StopSwitch,
  nodes: number,
  startedAt: string,
): Promise<RunContext> {
  const { adapter, emit, runId, projectRoot, threads } = request
  return {
    request,
    dialect: adapter.dialect,
    catalog: await prepareWarehouse(request),
    pool: new WorkerPool(adapter, threads),
    book: new ResultBook(emit, nodes, (relation) => adapter.dialect.relation(relation)),
    stop,
    load: { projectRoot, runId, loadedAt: startedAt },
    shapes: new InputShapes(request),
    suffix: runId.slice(0, 8),
    leftovers: [],
  }
}

/** Makes schemas, drops what dead runs left, and asks once what is there. */
async function prepareWarehouse(request: RunRequest): Promise<RelationCatalog> {
  const { adapter } = request
  const schemas = schemasOf(request)
  if (schemas.length === 0) return new RelationCatalog([], false)
  try {
    await adapter.createSchemas(schemas)
    await adapter.cleanStrays(schemas)
    return await readCatalog(adapter, schemas)
  } catch (error) {
    // The run is stopped; what follows skips every node.
    if (error instanceof CancelledError) return new RelationCatalog([], false)
    if (error instanceof DatabaseError)
      throw new UserError(schemasFailed({ reason: error.fault.message, hint: error.fault.hint }))
    throw error
  }
}

async function runAll(context: RunContext): Promise<void> {
  const { request, pool, stop, book } = context
  try {
    const failed = await runOperations(context, 'on-run-start', () => ({}))
    if (failed === null) await runUnits(context)
    else await skipAll(context, failed)
    closeExposures(context)
    if (stop.reason !== null) request.adapter.resume()
    await cleanLeftovers(context)
    await recordMade(context)
    if (stop.reason !== 'cancelled')
      await runOperations(context, 'on-run-end', () => runEndGlobals(request, book.results))
  } finally {
    await request.exporter.close()
    await pool.release()
  }
}

async function cleanLeftovers({ pool, leftovers }: RunContext): Promise<void> {
  if (leftovers.length === 0) return
  await pool.run(0, async (worker) => {
    for (const clean of leftovers.splice(0)) {
      try {
        await clean(worker)
      } catch (error) {
        // Stopped once more: the next run drops what is left.
        if (!(error instanceof CancelledError)) throw error
      }
    }
  })
}

/** Each unit begins as soon as those before it are done; the pool decides which of the ready ones comes first. */
async function runUnits(context: RunContext): Promise<void> {
  const { units } = context.request
  const priorities = unitPriorities(units)
  const outcomes = new Map<string, Promise<UnitOutcome>>()
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const members = new Set(units.flatMap((unit) => unit.members))
  const start = async (unit: PublicationUnit): Promise<UnitOutcome> => {
    for (const id of unit.after) await outcomes.get(id)
    let block: Block | null = null
    for (const id of unit.requires) {
      const blockedBy = (await outcomes.get(id))?.blockedBy ?? null
      if (blockedBy !== null) block ??= blockOf(context, { unit, failed: byId.get(id)!, members }, blockedBy)
    }
    return runUnit(context, unit, block, priorities.get(unit.id)!)
  }
  for (const unit of units) outcomes.set(unit.id, start(unit))
  const settled = await Promise.allSettled([...outcomes.values(), runExports(context, outcomes)])
  const broken = settled.find((s) => s.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}

/** Null when the unit may begin all the same, on the rows of an earlier run. */
function blockOf(context: RunContext, units: Parameters<typeof continuation>[1], blockedBy: string): Block | null {
  const { nodes } = context.request.graph
  const name = nodes.get(blockedBy)?.name ?? blockedBy
  const going = continuation(context, units, blockedBy)
  if (going === null) return { node: blockedBy, message: skipMessage(name) }
  const { neverBuilt, stale } = going
  if (neverBuilt !== null) return { node: blockedBy, message: skipMessage(name, neverBuilt.name) }
  const names = stale.map((node) => `\`${node.name}\``).join(', ')
  for (const id of units.unit.members) {
    const text = `\`${nodes.get(id)!.name}\` goes on with the earlier rows of ${names}, which failed (\`on_error: continue\`)`
    context.request.emit({ type: 'message', level: 'info', text })
  }
  return null
}

async function skipAll(context: RunContext, failed: string): Promise<void> {
  const { units, graph, operations } = context.request
  const name = operations.find((o) => o.uniqueId === failed)?.name ?? failed
  const message =
    context.stop.reason === null ? `skipped because the hook \`${name}\` failed` : stopMessage(context.stop.reason)
  for (const unit of units)
    for (const id of [...unit.members, ...unit.tests, ...unit.testsAfter])
      context.book.skip(graph.nodes.get(id)!, message, failed)
  await skipExports(context, failed)
}
