import { CancelledError } from '../base/errors.ts'
import type { Emit } from '../base/events.ts'
import { freshnessWarning, type WarningPolicy } from '../base/warning-policy.ts'
import type { Source } from '../project/resource.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { staleSource } from './errors.ts'
import { openRun } from './execute-run.ts'
import type { FreshnessResult, FreshnessRun } from './freshness-result.ts'
import { ageText, freshnessVerdict } from './freshness-verdict.ts'
import { isMeasuredByFiles, type Measured, measureFiles, measureRows } from './measure-freshness.ts'
import { nodeInfo, OpenNode } from './result-book.ts'
import type { RunContext } from './run-context.ts'
import { runEndGlobals } from './run-globals.ts'
import { runOperations } from './run-operations.ts'
import type { RunRequest } from './run-request.ts'
import { StopSwitch } from './stop-switch.ts'

/** Rows that never came are as old as can be, as in dbt. */
const NEVER = new Date('0001-01-01T00:00:00Z')

export interface FreshnessRequest {
  readonly sources: readonly Source[]
  /** Absolute. */
  readonly projectRoot: string
  /** The full name of a relation, as SQL. */
  readonly quote: (relation: Source['relation']) => string
  readonly emit: Emit
  readonly warnings: WarningPolicy
  /** How the warehouse is reached; null when no source and no hook needs it. It has no units. */
  readonly run: RunRequest | null
}

/** Measures sources, several at once. What fails in one is its result. */
export async function executeFreshness(request: FreshnessRequest): Promise<FreshnessRun> {
  const began = performance.now()
  const results = new Map<string, FreshnessResult>()
  const measureAll = async (context: RunContext | null): Promise<void> => {
    const jobs = request.sources.map(async (source, i) => {
      const result = await measureOne(request, context, source, i + 1)
      if (result !== null) results.set(source.uniqueId, result)
    })
    await Promise.all(jobs)
  }
  let operations: FreshnessRun['operations'] = []
  let cancelled = false
  if (request.run === null) await measureAll(null)
  else ({ operations, cancelled } = await withHooks(request.run, measureAll))
  const inOrder = request.sources.flatMap((source) => results.get(source.uniqueId) ?? [])
  return { results: inOrder, operations, elapsed: (performance.now() - began) / 1000, cancelled }
}

async function withHooks(
  run: RunRequest,
  work: (context: RunContext) => Promise<void>,
): Promise<Pick<FreshnessRun, 'operations' | 'cancelled'>> {
  const stop = new StopSwitch(run.adapter)
  const cancel = (): void => stop.stop('cancelled')
  run.signal?.addEventListener('abort', cancel, { once: true })
  const context = await openRun(run, stop, 0, new Date().toISOString())
  try {
    if (run.signal?.aborted === true) cancel()
    if ((await runOperations(context, 'on-run-start', () => ({}))) === null) await work(context)
    if (stop.reason === null) await runOperations(context, 'on-run-end', () => runEndGlobals(run, []))
  } finally {
    run.signal?.removeEventListener('abort', cancel)
    if (stop.reason !== null) run.adapter.resume()
    await context.pool.release()
  }
  return { operations: context.book.results, cancelled: stop.reason === 'cancelled' }
}

/** Null when the run was stopped first. */
async function measureOne(
  request: FreshnessRequest,
  context: RunContext | null,
  source: Source,
  index: number,
): Promise<FreshnessResult | null> {
  try {
    if (context === null || isMeasuredByFiles(source)) {
      const measure = async (open: OpenNode) =>
        open.during('execute', async () => measureFiles(source, request.projectRoot))
      return await resultOf(request, source, { index, threadId: 'MainThread' }, measure)
    }
    return await context.pool.run(0, (worker) =>
      resultOf(request, source, { index, threadId: worker.threadId }, (open) =>
        measureRows(context, worker, source, open),
      ),
    )
  } catch (error) {
    if (error instanceof CancelledError) return null
    throw error
  }
}

async function resultOf(
  request: FreshnessRequest,
  source: Source,
  turn: { readonly index: number; readonly threadId: string },
  measure: (open: OpenNode) => Promise<Measured>,
): Promise<FreshnessResult> {
  const { emit, sources } = request
  const node = nodeInfo(source, request.quote)
  const open = new OpenNode(node, turn.index, turn.threadId, () => undefined)
  const said = { node, name: `${source.sourceName}.${source.name}`, index: turn.index, total: sources.length }
  emit({ type: 'freshness.started', ...said, at: open.startedAt })
  const verdict = await judged(source, request.warnings, () => measure(open))
  open.fillTiming()
  const { seconds, threadId, timing } = open
  const { status, message } = verdict
  emit({ type: 'freshness.finished', ...said, status, message, seconds, finishedAt: new Date().toISOString() })
  return { ...verdict, uniqueId: source.uniqueId, executionTime: seconds, threadId, timing, adapterResponse: {} }
}

type Judged = Pick<FreshnessResult, 'status' | 'message' | 'measured' | 'diagnostics'>

async function judged(source: Source, warnings: WarningPolicy, measure: () => Promise<Measured>): Promise<Judged> {
  try {
    const { loadedAt, now } = await measure()
    const at = loadedAt.kind === 'at' ? loadedAt.at : NEVER
    const age = (now.getTime() - at.getTime()) / 1000
    const { status, rule } = freshnessVerdict(age, source.freshness!)
    const words = loadedAt.kind === 'at' ? ageText(age) : 'no rows'
    const measured = { maxLoadedAt: at.toISOString(), snapshottedAt: now.toISOString(), age }
    const message = rule === '' ? words : `${words}, ${rule}`
    if (status !== 'warn' || warnings.levelOf(freshnessWarning) !== 'error')
      return { status, message, measured, diagnostics: [] }
    const name = `${source.sourceName}.${source.name}`
    const place = { span: source.freshnessPlaces.freshness ?? source.span, node: source.uniqueId }
    const diagnostics = warnings.apply([staleSource({ name, verdict: message }, place)])
    return { status: 'error', message, measured, diagnostics }
  } catch (error) {
    if (error instanceof CancelledError) throw error
    const diagnostics = diagnosticsOf(error, { node: source, statement: null, see: undefined })
    return { status: 'runtime error', message: diagnostics[0]?.message ?? 'failed', measured: null, diagnostics }
  }
}
