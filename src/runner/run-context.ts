import type { Dialect } from '../adapters/dialect.ts'
import type { LoadContext } from '../materializations/load-request.ts'
import type { Node, Operation } from '../project/resource.ts'
import type { InputShapes } from './input-shapes.ts'
import type { RelationCatalog } from './relation-catalog.ts'
import type { ResultBook } from './result-book.ts'
import type { RunRequest } from './run-request.ts'
import type { StopSwitch } from './stop-switch.ts'
import type { Worker, WorkerPool } from './worker-pool.ts'

/** What all units of a run share. */
export interface RunContext {
  readonly request: RunRequest
  readonly dialect: Dialect
  readonly catalog: RelationCatalog
  readonly pool: WorkerPool
  readonly book: ResultBook
  readonly stop: StopSwitch
  readonly load: LoadContext
  /** What relations look like, for unit tests. */
  readonly shapes: InputShapes
  /** Eight hex digits of the run. */
  readonly suffix: string
  /** Clean-up that has to wait until an interrupted engine takes statements again. */
  readonly leftovers: ((worker: Worker) => Promise<void>)[]
}

export function compiledPath(context: RunContext, node: Node | Operation): string | undefined {
  return node.resourceType === 'operation' ? undefined : context.request.compiledPath(node)
}

/** Whether the flag `--full-refresh` is meant for the node: batches that were asked for one by one refresh nothing else. */
export function fullRefreshOf({ fullRefresh, batching }: RunRequest, { uniqueId }: Node): boolean {
  return fullRefresh && !batching.given.has(uniqueId)
}
