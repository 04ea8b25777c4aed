import type { Node, Operation } from '../project/resource.ts'
import type { RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/** Makes the worker's statements from now on carry the comment of a node, until its job ends. */
export function annotate({ request }: RunContext, worker: Worker, node: Node | Operation): void {
  if (worker.annotated === node.uniqueId) return
  worker.session.annotate(request.commentOf(node))
  worker.annotated = node.uniqueId
}
