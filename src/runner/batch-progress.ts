import type { Diagnostic } from '../base/diagnostic.ts'
import { isoTime } from '../base/event-time.ts'
import type { Batch } from '../base/time-grain.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Introspection } from '../compile/compiler.ts'
import type { NodeRelation } from '../project/resource.ts'
import type { BatchResults } from './node-result.ts'

/** What a batch is compiled with. */
export interface BatchBinding {
  readonly introspection: Introspection
  /** Where `this` is while batches read those before them, and whether rows are there. */
  readonly self?: NodeRelation
  readonly incremental?: boolean
}

/** The batches of a member, and how far they came. */
export class BatchProgress {
  /** Oldest first. */
  readonly planned: readonly Batch[]
  /** False when no input is narrowed to a batch. */
  readonly narrowed: boolean
  /** The model's query for one batch; its text is kept for the artifacts. */
  readonly compile: (batch: Batch, binding: BatchBinding) => Promise<CompiledNode>
  readonly #failed = new Map<string, readonly Diagnostic[]>()

  constructor(input: Pick<BatchProgress, 'planned' | 'narrowed' | 'compile'>) {
    this.planned = input.planned
    this.narrowed = input.narrowed
    this.compile = input.compile
  }

  /** Batches are run again from the first one. */
  begin(): void {
    this.#failed.clear()
  }

  fail(batch: Batch, diagnostics: readonly Diagnostic[]): void {
    this.#failed.set(batch.id, diagnostics)
  }

  get successful(): readonly Batch[] {
    return this.planned.filter(({ id }) => !this.#failed.has(id))
  }

  get failed(): readonly Batch[] {
    return this.planned.filter(({ id }) => this.#failed.has(id))
  }

  /** What failed, each mistake once, with the names of its batches. */
  mistakes(): readonly Diagnostic[] {
    const found = new Map<string, { diagnostic: Diagnostic; names: string[] }>()
    for (const { id, name } of this.planned)
      for (const diagnostic of this.#failed.get(id) ?? []) {
        const { code, message, span } = diagnostic
        const key = `${code} ${message} ${span?.path} ${span?.start}`
        const known = found.get(key)
        if (known === undefined) found.set(key, { diagnostic, names: [name] })
        else known.names.push(name)
      }
    return [...found.values()].map(({ diagnostic, names }) => inBatches(diagnostic, names, this.planned.length))
  }

  /** As artifacts have it. Nothing that was not published counts as done. */
  results(outcome: 'published' | 'withheld'): BatchResults {
    const windows = (batches: readonly Batch[]) => batches.map((b) => [isoTime(b.start), isoTime(b.end)] as const)
    if (outcome === 'withheld') return { successful: [], failed: windows(this.planned) }
    return { successful: windows(this.successful), failed: windows(this.failed) }
  }
}

const shown = 10

function inBatches(diagnostic: Diagnostic, names: readonly string[], total: number): Diagnostic {
  if (names.length === 1) return { ...diagnostic, message: `${diagnostic.message} (batch ${names[0]})` }
  const list = `${names.slice(0, shown).join(', ')}${names.length > shown ? ', …' : ''}`
  return {
    ...diagnostic,
    message: `${diagnostic.message} (${names.length} of ${total} batches)`,
    notes: [...(diagnostic.notes ?? []), `batches: ${list}`],
  }
}
