import type { Adapter } from '../adapters/adapter.ts'
import type { StatementComment } from '../adapters/statement-comment.ts'
import type { Emit } from '../base/events.ts'
import type { Batch } from '../base/time-grain.ts'
import type { WarningPolicy } from '../base/warning-policy.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { Graph } from '../graph/graph.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import type { Export, Exposure, Node, Operation } from '../project/resource.ts'
import type { Batching } from './batching.ts'
import type { Exporter } from './exporter.ts'

/** Everything that a run is told. Nothing else is read: no environment, no files of the project. */
export interface RunRequest {
  readonly graph: Graph
  /** In the order of their plan. */
  readonly units: readonly PublicationUnit[]
  /** Reported when all nodes have ended. */
  readonly exposures: readonly Exposure[]
  /** Made when what they read is published. */
  readonly exports: readonly Export[]
  readonly exporter: Exporter
  /** `on-run-start` and `on-run-end` statements, in order; empty when the command runs none. */
  readonly operations: readonly Operation[]
  readonly adapter: Adapter
  readonly compiler: Compiler
  /** At least eight hex digits; the first eight end the names of staged relations. */
  readonly runId: string
  /** Name of the root project. */
  readonly project: string
  readonly target: { readonly name: string; readonly database: string; readonly schema: string }
  /** Absolute. */
  readonly projectRoot: string
  readonly threads: number
  readonly fullRefresh: boolean
  /** References read no rows, or a part of them. */
  readonly partialInput: boolean
  readonly batching: Batching
  readonly failFast: boolean
  /** The flag `--store-failures`; a test's own configuration wins. */
  readonly storeFailures: boolean
  /** What becomes of warnings, and of tests that warn. */
  readonly warnings: WarningPolicy
  /** Where a node's compiled SQL can be read, relative to the project. */
  readonly compiledPath: (node: Node, batch?: Batch) => string | undefined
  /** The comment that goes along with a node's statements. */
  readonly commentOf: (node: Node | Operation) => StatementComment | null
  /** True: nothing is built or tested; the members of `tests` are checked for running twice alike. */
  readonly idempotence?: boolean | undefined
  readonly emit: Emit
  readonly signal?: AbortSignal | undefined
}
