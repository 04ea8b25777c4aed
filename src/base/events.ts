import type { Diagnostic } from './diagnostic.ts'

/** What a listener needs to know of a node without importing upper layers. */
export interface NodeInfo {
  readonly uniqueId: string
  readonly name: string
  readonly resourceType: string
  readonly materialized: string
  /** Relative to the project. */
  readonly path: string
  /** Printable `schema.identifier`, or null. */
  readonly relation: string | null
  /** Relative to the folder of its kind: `staging/orders.sql`. */
  readonly localPath?: string | undefined
  readonly location?: NodeLocation | undefined
  readonly meta?: Readonly<Record<string, unknown>> | undefined
  /** SHA-256 of the node's text, hex. */
  readonly checksum?: string | undefined
  readonly group?: string | null | undefined
  /** Of a declared test: unique id of what it tests. */
  readonly attachedNode?: string | null | undefined
}

/** The relation of a node, or of a test's stored rows, unquoted. */
export interface NodeLocation {
  readonly database: string
  readonly schema: string
  readonly identifier: string
  /** The whole name as SQL; null when the node makes no relation. */
  readonly quoted: string | null
}

/** A window of time of a microbatch model. */
export interface BatchInfo {
  /** `20260103`, as in the name of its compiled file. */
  readonly id: string
  /** `2026-01-03` */
  readonly name: string
  readonly start: string
  readonly end: string
}

/** dbt's words for how a node ended. */
export type NodeStatus = 'success' | 'error' | 'skipped' | 'pass' | 'fail' | 'warn' | 'no-op' | 'partial success'

/** dbt's words for how fresh a source is; `error` is stale beyond `error_after`. */
export type FreshnessStatus = 'pass' | 'warn' | 'error' | 'runtime error'

/** What happens, as data. Times are ISO 8601 in UTC with milliseconds; durations are seconds. */
export type Event =
  | { readonly type: 'command.started'; readonly command: string; readonly at: string; readonly runId: string }
  | { readonly type: 'project.loaded'; readonly counts: Readonly<Record<string, number>>; readonly seconds: number }
  | { readonly type: 'selection.empty'; readonly diagnostic: Diagnostic }
  | {
      readonly type: 'run.started'
      readonly at: string
      readonly threads: number
      readonly target: string
      readonly nodes: number
    }
  | {
      readonly type: 'node.started'
      readonly node: NodeInfo
      readonly index: number
      readonly total: number
      readonly at: string
    }
  | { readonly type: 'node.compiling'; readonly node: NodeInfo; readonly at: string }
  | { readonly type: 'node.executing'; readonly node: NodeInfo; readonly at: string }
  | {
      readonly type: 'node.finished'
      readonly node: NodeInfo
      readonly index: number
      readonly total: number
      readonly status: NodeStatus
      readonly message: string
      readonly failures: number | null
      readonly seconds: number
      readonly startedAt: string
      readonly finishedAt: string
      readonly diagnostics: readonly Diagnostic[]
      /** unique id of the node because of which this one was skipped. */
      readonly because?: string | undefined
    }
  | {
      readonly type: 'batch.started'
      readonly node: NodeInfo
      readonly batch: BatchInfo
      /** From 1, among the batches of the node. */
      readonly index: number
      readonly total: number
      readonly at: string
    }
  | {
      readonly type: 'batch.finished'
      readonly node: NodeInfo
      readonly batch: BatchInfo
      readonly index: number
      readonly total: number
      readonly status: 'success' | 'error'
      /** Rows that its query gave; null when it failed. */
      readonly rows: number | null
      readonly seconds: number
      readonly startedAt: string
      readonly finishedAt: string
    }
  | {
      /** A part of a node's work failed for a passing reason and will be done again. */
      readonly type: 'node.retried'
      /** unique id */
      readonly node: string
      readonly name: string
      /** How often it was tried, from 1. */
      readonly attempt: number
      readonly reason: string
      /** Seconds until then. */
      readonly wait: number
    }
  | {
      readonly type: 'hook.started'
      readonly node: NodeInfo
      /** `shop.on-run-start.0` */
      readonly name: string
      /** From 1, among those of the same time. */
      readonly index: number
      readonly total: number
      readonly at: string
    }
  | {
      readonly type: 'hook.finished'
      readonly node: NodeInfo
      readonly name: string
      readonly index: number
      readonly total: number
      readonly status: 'success' | 'error'
      readonly seconds: number
      readonly startedAt: string
      readonly finishedAt: string
    }
  | {
      readonly type: 'freshness.started'
      readonly node: NodeInfo
      /** `crm.contacts` */
      readonly name: string
      readonly index: number
      readonly total: number
      readonly at: string
    }
  | {
      readonly type: 'freshness.finished'
      readonly node: NodeInfo
      readonly name: string
      readonly index: number
      readonly total: number
      readonly status: FreshnessStatus
      /** Its age, and the rule that it breaks; or what failed. */
      readonly message: string
      readonly seconds: number
      readonly finishedAt: string
    }
  | {
      readonly type: 'statement.finished'
      readonly node: string | null
      readonly sql: string
      readonly seconds: number
      readonly at: string
    }
  | { readonly type: 'unit.published'; readonly members: readonly string[] }
  | { readonly type: 'unit.withheld'; readonly members: readonly string[]; readonly because: readonly string[] }
  | { readonly type: 'run.finished'; readonly at: string; readonly seconds: number; readonly success: boolean }
  | { readonly type: 'artifact.written'; readonly artifact: string; readonly path: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  /** `{{log}}` and other lines without a diagnostic. */
  | { readonly type: 'message'; readonly level: 'info' | 'debug'; readonly text: string }

export type Emit = (event: Event) => void
