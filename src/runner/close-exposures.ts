import type { NodeStatus } from '../base/events.ts'
import type { RunContext } from './run-context.ts'
import { skipMessage, stopMessage } from './skip-message.ts'

const failed: ReadonlySet<NodeStatus> = new Set(['error', 'fail', 'skipped', 'partial success'])

/**
 * Writes the results of the selected exposures when all nodes have theirs. Nothing is run for an exposure: it is `no-op`,
 * or `skipped` when something that it shows could not be built.
 */
export function closeExposures({ request, book, stop }: RunContext): void {
  const { graph, exposures } = request
  if (exposures.length === 0) return
  const broken = new Set(book.results.filter((r) => failed.has(r.status)).map((r) => r.uniqueId))
  for (const exposure of exposures) {
    const cause = brokenAbove(exposure.uniqueId)
    if (cause !== undefined) book.skip(exposure, skipMessage(graph.nodes.get(cause)?.name ?? cause), cause)
    else if (stop.reason !== null) book.skip(exposure, stopMessage(stop.reason), null)
    else book.close(book.open(exposure, 'main'), { status: 'no-op', message: 'NO-OP' })
  }

  /** The first ancestor that failed; what has a result of its own that is good ends the way. */
  function brokenAbove(id: string): string | undefined {
    const seen = new Set(graph.parents.get(id))
    for (const parent of seen) {
      if (broken.has(parent)) return parent
      if (!book.has(parent)) for (const above of graph.parents.get(parent) ?? []) seen.add(above)
    }
    return undefined
  }
}
