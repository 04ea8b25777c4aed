import type { Session } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Export, NodeRelation, RelationNode } from '../project/resource.ts'

/** A relation that an export reads, where its readers find it. */
export interface ExportInput {
  readonly node: RelationNode
  readonly relation: NodeRelation
}

/** An export that is to be made now: everything that it reads is published. */
export interface ExportTask {
  readonly node: Export
  /** In the order in which the export names them. */
  readonly inputs: readonly ExportInput[]
  readonly session: Session
  readonly threadId: string
  /** Aborted when the run stops. */
  readonly signal: AbortSignal
}

/** How an export ended well. */
export interface ExportEnding {
  readonly message: string
  readonly adapterResponse: Readonly<Record<string, number | string>>
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[]
}

/** An export as it would be made, from what is in the warehouse now. */
export interface ExportPlan {
  readonly uniqueId: string
  readonly name: string
  readonly format: string
  /** Relative to the project where it lies below; null when there is no file. */
  readonly to: string | null
  readonly replaces: boolean
  /** Null: the relation does not exist yet. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] | null }[]
  /** What happens besides, for people: `published to /Marketing as …`. */
  readonly notes: readonly string[]
}

/** A file of an earlier run that stays. */
export interface StandingFile {
  /** As people know it: relative to the project where it lies below. */
  readonly shown: string
  /** When its run began, ISO 8601; null when no manifest tells. */
  readonly since: string | null
}

/** Makes exports; commands plug it in. */
export interface Exporter {
  /** Raises `UserError`, `DatabaseError` or `CancelledError`; then nothing has changed outside of the warehouse. */
  make(task: ExportTask): Promise<ExportEnding>
  plan(task: ExportTask): Promise<ExportPlan>
  /** What readers keep when an export is not made; null when there is nothing. */
  standing(node: Export): Promise<StandingFile | null>
  /** Ends whatever ran for the exports of this run. */
  close(): Promise<void>
}
