import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import type { Introspection } from '../compile/compiler.ts'
import { rebindText } from '../materializations/rebind-text.ts'
import type { NodePlan, PublicationMode } from '../materializations/step.ts'
import type { Export } from '../project/resource.ts'
import { configProblems } from './config-problems.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import type { ExportPlan } from './exporter.ts'
import { InputShapes } from './input-shapes.ts'
import { withPrediction } from './predict-replacement.ts'
import { readCatalog } from './relation-catalog.ts'
import { ResultBook } from './result-book.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { exportInputs } from './run-exports.ts'
import type { RunRequest } from './run-request.ts'
import { schemasOf } from './run-schemas.ts'
import { plain } from './run-statement.ts'
import { StopSwitch } from './stop-switch.ts'
import { openUnit, prepareMember, renamingsOf, type UnitRun } from './unit-run.ts'
import { type Worker, WorkerPool } from './worker-pool.ts'

/** A unit as it would run. */
export interface UnitPlan {
  readonly members: readonly NodePlan[]
  readonly tests: readonly string[]
  /** Tests that run once it is published. */
  readonly testsAfter: readonly string[]
  readonly mode: PublicationMode
}

export interface RunPlan {
  readonly units: readonly UnitPlan[]
  readonly exports: readonly ExportPlan[]
  /** Of nodes that could not be planned; they are left out of their units. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The plan that `executeRun` would execute, given what is in the warehouse now. Changes nothing there. */
export async function planRun(request: RunRequest): Promise<RunPlan> {
  const silent: RunRequest = { ...request, emit: () => undefined }
  const { adapter, runId, projectRoot } = request
  const pool = new WorkerPool(adapter, 1)
  const context: RunContext = {
    request: silent,
    dialect: adapter.dialect,
    catalog: await readCatalog(adapter, schemasOf(request)),
    pool,
    book: new ResultBook(silent.emit, 0, (relation) => adapter.dialect.relation(relation)),
    stop: new StopSwitch(adapter),
    load: { projectRoot, runId, loadedAt: new Date().toISOString() },
    shapes: new InputShapes(request),
    suffix: runId.slice(0, 8),
    leftovers: [],
  }
  const units: UnitPlan[] = []
  const exports: ExportPlan[] = []
  const diagnostics: Diagnostic[] = [...configProblems(request)]
  try {
    await pool.run(0, async (worker) => {
      for (const unit of request.units)
        units.push(await planUnit(context, worker, openUnit(context, unit), diagnostics))
      for (const node of request.exports) exports.push(...(await planExport(context, worker, node, diagnostics)))
    })
  } finally {
    await pool.release()
  }
  return { units, exports, diagnostics }
}

async function planExport(
  context: RunContext,
  { session, threadId }: Worker,
  node: Export,
  diagnostics: Diagnostic[],
): Promise<readonly ExportPlan[]> {
  const { exporter } = context.request
  try {
    const inputs = exportInputs(context, node)
    return [await exporter.plan({ node, inputs, session, threadId, signal: context.stop.signal })]
  } catch (error) {
    if (error instanceof CancelledError) throw error
    diagnostics.push(...diagnosticsOf(error, { node, statement: null, see: undefined }))
    return []
  }
}

async function planUnit(
  context: RunContext,
  worker: Worker,
  run: UnitRun,
  diagnostics: Diagnostic[],
): Promise<UnitPlan> {
  const introspection = publishedView(context, worker, run)
  const plans: NodePlan[] = []
  for (const member of run.members) {
    try {
      await prepareMember(context, worker, run, member, introspection)
      plans.push(await withPrediction(context, worker, run, member))
      const { staged, finish } = member.plan!
      if (staged !== null && (run.mode === 'staged' || finish.length > 0)) run.bound.set(member.node.uniqueId, staged)
    } catch (error) {
      if (error instanceof CancelledError) throw error
      const see = compiledPath(context, member.node)
      diagnostics.push(...diagnosticsOf(error, { node: member.node, statement: null, see }))
    }
  }
  const { tests, testsAfter } = run.unit
  return { members: plans, tests, testsAfter, mode: run.mode }
}

/** Nothing is staged in a dry run, so templates that ask about staged relations are told of the published ones. */
function publishedView(context: RunContext, { session }: Worker, run: UnitRun): Introspection {
  const renamings = renamingsOf(context, run.unit.members)
  const published = new Map(renamings.map(({ from, to }) => [from, to]))
  return {
    query: (sql) => session.query(rebindText(plain(sql), renamings).text),
    columnsOf: (relation) =>
      session.columnsOf({ ...relation, identifier: published.get(relation.identifier) ?? relation.identifier }),
  }
}
