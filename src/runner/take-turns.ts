import type { RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/**
 * Does work for items in their order: one after the other on the worker at hand and, when `parallel`, on other workers as
 * they become free. Nobody waits for a worker, so this may be called on one. `isOver` is asked before each item.
 */
export async function takeTurns<T>(
  { pool, request }: RunContext,
  worker: Worker,
  items: readonly T[],
  turn: {
    readonly parallel: boolean
    readonly isOver: () => boolean
    readonly work: (worker: Worker, item: T, index: number) => Promise<void>
  },
): Promise<void> {
  let next = 0
  let broken = false
  const drain = async (on: Worker): Promise<void> => {
    while (!broken && next < items.length && !turn.isOver()) {
      const index = next++
      try {
        await turn.work(on, items[index]!, index)
      } catch (error) {
        broken = true
        throw error
      }
    }
  }
  const joined: Promise<void>[] = []
  const join = (on: Worker): Promise<void> => {
    const part = drain(on)
    joined.push(part)
    return part
  }
  const others = turn.parallel ? Math.min(request.threads, items.length) - 1 : 0
  // What fails in them is told by `joined`; a connection that cannot be had leaves the work to the others.
  for (let i = 0; i < others; i++) pool.run(0, join).catch(() => undefined)
  joined.push(drain(worker))
  let seen = 0
  const failures: unknown[] = []
  while (seen < joined.length) {
    const settled = await Promise.allSettled(joined.slice(seen))
    seen += settled.length
    for (const part of settled) if (part.status === 'rejected') failures.push(part.reason)
  }
  if (failures.length > 0) throw failures[0]
}
