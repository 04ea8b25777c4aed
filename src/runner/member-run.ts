import type { StagedLoad } from '../adapters/load.ts'
import type { Replacement } from '../adapters/replacement.ts'
import type { PartitionNames } from '../adapters/table-features.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, type DatabaseFault, UserError } from '../base/errors.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Changes } from '../materializations/snapshot/applied-changes.ts'
import type { NodePlan } from '../materializations/step.ts'
import type { BuiltNode } from '../project/resource.ts'
import type { BatchProgress } from './batch-progress.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import type { OpenNode } from './result-book.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/** A member of a unit while the unit is at work. */
export class MemberRun {
  readonly node: BuiltNode
  open: OpenNode | null = null
  compiled: CompiledNode | null = null
  plan: NodePlan | null = null
  /** Its new relation stands, beside the target or in the open transaction. */
  built = false
  cancelled = false
  failure: readonly Diagnostic[] | null = null
  rows: number | null = null
  load: StagedLoad | null = null
  /** How its new relation takes the place of the old one, once that is decided. */
  replacement: Replacement | null = null
  /** Its materialized view was filled anew where it stands: nothing takes its place. */
  refreshed = false
  /** Partitions that still bear the names of the run. */
  partitions: PartitionNames | null = null
  /** Of a snapshot: what was staged, once it is. */
  changes: Changes | null = null
  /** Of a microbatch model. */
  batches: BatchProgress | null = null
  /** What the engine said when the failure is one of the engine. */
  fault: DatabaseFault | null = null
  /** Of a seed's file, and of what its configuration asks for. */
  warnings: readonly Diagnostic[] = []
  /** Statement label that the message is made of: "merge rows", "create view" … */
  did = ''

  constructor(node: BuiltNode) {
    this.node = node
  }

  /** False once its tests have their results: they cannot be had again. */
  repeatable = true
  /** How often its `retries` were made use of. */
  retried = 0
  /** Seconds that were used up before this attempt. */
  #earlier = 0

  get stopped(): boolean {
    return this.cancelled || this.failure !== null
  }

  begin(context: RunContext, worker: Worker): OpenNode {
    this.open ??= context.book.open(this.node, worker.threadId)
    return this.open
  }

  /** Adds a warning once, also when the work that gives it is repeated. */
  warn(diagnostic: Diagnostic): void {
    const same = this.warnings.some((d) => d.code === diagnostic.code && d.message === diagnostic.message)
    if (!same) this.warnings = [...this.warnings, diagnostic]
  }

  /** Forgets a failure, so that the work is done again. */
  retry(): void {
    this.#earlier = this.open?.seconds ?? 0
    this.failure = null
    this.fault = null
  }

  /** Seconds of this attempt, for its `timeout`. */
  get used(): number {
    return (this.open?.seconds ?? 0) - this.#earlier
  }

  /** Does a part of the member's work; a mistake becomes its failure. Our own bugs are thrown on. */
  async attempt(context: RunContext, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (error instanceof CancelledError) this.cancelled = true
      else {
        const see = compiledPath(context, this.node)
        this.failure = diagnosticsOf(error, { node: this.node, statement: null, see })
        if (error instanceof DatabaseError || error instanceof UserError) this.fault = error.fault ?? null
      }
      return false
    }
  }
}
