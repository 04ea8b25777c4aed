import { CancelledError } from '../base/errors.ts'
import type { Operation } from '../project/resource.ts'
import type { Dict } from '../template/value.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { type Ending, OpenNode, operationInfo } from './result-book.ts'
import type { RunContext } from './run-context.ts'
import { executeFor } from './run-statement.ts'
import { stopMessage } from './skip-message.ts'
import { bindingOf } from './unit-run.ts'
import type { Worker } from './worker-pool.ts'

/**
 * Runs the project's statements of one kind in order; the first that fails ends them.
 * @returns the unique id of the one that failed, or null
 */
export async function runOperations(
  context: RunContext,
  when: Operation['when'],
  globals: () => Dict,
): Promise<string | null> {
  const operations = context.request.operations.filter((o) => o.when === when)
  if (operations.length === 0 || context.stop.reason === 'cancelled') return null
  return context.pool.run(Number.POSITIVE_INFINITY, async (worker) => {
    let failed: string | null = null
    for (const [i, operation] of operations.entries()) {
      const ending: Ending =
        failed === null
          ? await runOperation(context, worker, { operation, index: i + 1, total: operations.length }, globals())
          : { status: 'skipped', message: 'skipped because an earlier one failed' }
      if (ending.status === 'error') failed = operation.uniqueId
    }
    return failed
  })
}

/** An operation and its place among those that run at the same time, from 1. */
interface Turn {
  readonly operation: Operation
  readonly index: number
  readonly total: number
}

async function runOperation(context: RunContext, worker: Worker, turn: Turn, globals: Dict): Promise<Ending> {
  const { request, book } = context
  const { operation, index, total } = turn
  const node = operationInfo(operation, request.target)
  const open = new OpenNode(node, 0, worker.threadId, () => undefined)
  const { startedAt } = open
  const name = `${operation.packageName}.${operation.when}.${operation.index}`
  request.emit({ type: 'hook.started', node, name, index, total, at: startedAt })
  const ending = await endOf(context, operation, async () => {
    const sql = await open.during('compile', () =>
      request.compiler.compileOperation(operation, bindingOf(null, worker.session), globals),
    )
    if (sql.text.trim() === '') return { status: 'success', message: `${name} had nothing to do`, failures: 0 }
    const rows = await open.during('execute', () => executeFor(context, worker, operation, sql))
    const adapterResponse = rows === null ? {} : { rows_affected: rows }
    return { status: 'success', message: `${name} passed`, failures: 0, adapterResponse, compiledSql: sql.text }
  })
  book.addOperation(operation, ending, open)
  const status = ending.status === 'success' ? 'success' : 'error'
  const finishedAt = new Date().toISOString()
  const { seconds } = open
  request.emit({ type: 'hook.finished', node, name, index, total, status, seconds, startedAt, finishedAt })
  for (const diagnostic of ending.diagnostics ?? []) request.emit({ type: 'diagnostic', diagnostic })
  return ending
}

async function endOf(context: RunContext, operation: Operation, work: () => Promise<Ending>): Promise<Ending> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CancelledError) return { status: 'skipped', message: stopMessage(context.stop.reason) }
    const diagnostics = diagnosticsOf(error, { node: operation, statement: null, see: undefined })
    return { status: 'error', message: diagnostics[0]?.message ?? 'failed', failures: 1, diagnostics }
  }
}
