import { CancelledError } from '../base/errors.ts'
import type { Operation } from '../project/resource.ts'
import type { Dict } from '../template/value.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { type Ending, nodeInfo, OpenNode } from './result-book.ts'
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
    for (const operation of operations) {
      const ending: Ending =
        failed === null
          ? await runOperation(context, worker, operation, globals())
          : { status: 'skipped', message: 'skipped because an earlier one failed' }
      if (ending.status === 'error') failed = operation.uniqueId
    }
    return failed
  })
}

async function runOperation(context: RunContext, worker: Worker, operation: Operation, globals: Dict): Promise<Ending> {
  const { request, book } = context
  const open = new OpenNode(nodeInfo(operation), 0, worker.threadId, () => undefined)
  const ending = await endOf(context, operation, async () => {
    const sql = await open.during('compile', () =>
      request.compiler.compileOperation(operation, bindingOf(null, worker.session), globals),
    )
    if (sql.text.trim() === '') return { status: 'success', message: 'nothing to do' }
    const rows = await open.during('execute', () => executeFor(context, worker, operation, sql))
    const adapterResponse = rows === null ? {} : { rows_affected: rows }
    return { status: 'success', message: 'OK', adapterResponse, compiledSql: sql.text }
  })
  book.addOperation(operation, ending, open)
  const status = ending.status === 'success' ? 'success' : 'error'
  request.emit({ type: 'hook.finished', name: operation.name, status, seconds: open.seconds })
  for (const diagnostic of ending.diagnostics ?? []) request.emit({ type: 'diagnostic', diagnostic })
  return ending
}

async function endOf(context: RunContext, operation: Operation, work: () => Promise<Ending>): Promise<Ending> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CancelledError) return { status: 'skipped', message: stopMessage(context.stop.reason) }
    const diagnostics = diagnosticsOf(error, { node: operation, statement: null, see: undefined })
    return { status: 'error', message: diagnostics[0]?.message ?? 'failed', diagnostics }
  }
}
