import { durationMs } from '../base/duration.ts'
import { CancelledError, UserError } from '../base/errors.ts'
import type { Node } from '../project/resource.ts'
import { timedOut } from './errors.ts'
import type { RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/** What a timer can wait; longer ones would ring at once. */
const LONGEST_MS = 2 ** 31 - 1

/** Whose time runs: the node, and the seconds that it has used up. */
export interface Limited {
  readonly node: Pick<Node, 'uniqueId' | 'name' | 'config' | 'span'>
  readonly used: number
}

/**
 * Does work of a node on a connection; when the node's `timeout` is over, the statement that runs is interrupted and
 * `UserError` raised. Only this connection hears of it.
 */
export async function withTimeLimit<T>(
  context: RunContext,
  worker: Worker,
  { node, used }: Limited,
  work: () => Promise<T>,
): Promise<T> {
  const { timeout } = node.config
  if (timeout === null) return work()
  const { session } = worker
  let expired = false
  const left = durationMs(String(timeout))! - used * 1000
  const timer = setTimeout(
    () => {
      expired = true
      session.interrupt()
    },
    Math.min(Math.max(0, left), LONGEST_MS),
  )
  try {
    return await work()
  } catch (error) {
    if (!expired || !(error instanceof CancelledError) || context.stop.reason !== null) throw error
    const limit = typeof timeout === 'number' ? `${timeout}s` : timeout
    const diagnostic = timedOut({ name: node.name, limit }, { span: node.span, node: node.uniqueId })
    throw new UserError(diagnostic, { kind: 'timeout', message: diagnostic.message })
  } finally {
    clearTimeout(timer)
    session.proceed()
  }
}
