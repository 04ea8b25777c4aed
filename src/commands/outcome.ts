import type { RowSet } from '../adapters/adapter.ts'
import type { ListedEntry as ListedNode } from '../artifacts/list-node.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ExportPlan } from '../runner/exporter.ts'
import type { FreshnessResult } from '../runner/freshness-result.ts'
import type { NodeResult } from '../runner/node-result.ts'
import type { UnitPlan } from '../runner/plan-run.ts'

import type { PruneCandidate, PrunePlan } from './prune-plan.ts'

export type { ListedEntry as ListedNode } from '../artifacts/list-node.ts'

/** What every command hands back. */
export interface Outcome {
  /** 0 good, 1 it ran and something failed, 2 it could not run, 130 interrupted. */
  readonly exitCode: 0 | 1 | 2 | 130
  /** Sorted; those of single nodes stand in their results as well. */
  readonly diagnostics: readonly Diagnostic[]
  /** Texts that the diagnostics point at. */
  readonly files: SourceSet
}

export interface RunReport extends Outcome {
  readonly results: readonly NodeResult[]
  /** Seconds. */
  readonly elapsed: number
  /** The units in the order of their plan; what `--dry-run` prints. */
  readonly plan: readonly UnitPlan[]
  /** Exports as they would be made. */
  readonly exportPlan: readonly ExportPlan[]
}

export interface FreshnessOutcome extends Outcome {
  readonly results: readonly FreshnessResult[]
  /** Seconds. */
  readonly elapsed: number
}

export interface ListOutcome extends Outcome {
  /** dbt's `ls --output json` objects, all keys; the CLI picks. */
  readonly nodes: readonly ListedNode[]
}

export interface CompileOutcome extends Outcome {
  readonly nodes: readonly { readonly uniqueId: string; readonly name: string; readonly sql: string }[]
}

export interface ShowOutcome extends Outcome {
  readonly tables: readonly { readonly uniqueId: string | null; readonly name: string; readonly rows: RowSet }[]
}

export interface DocsOutcome extends Outcome {
  /** Relations that stand in the catalog. */
  readonly found: number
  /** Relations that were looked for. */
  readonly asked: number
}

export interface PruneOutcome extends Outcome {
  readonly plan: PrunePlan
  readonly dropped: readonly PruneCandidate[]
}

export interface OperationOutcome extends Outcome {
  readonly rows: RowSet | null
}

export interface DebugOutcome extends Outcome {
  /** One line each: what was looked at, what was found. Never a credential. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}
