import type { Span } from '../base/span.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { StatementComment } from './statement-comment.ts'

/** One target of `profiles.yml`: plain data after its templates were evaluated, and where each part stands. */
export interface ProfileOutput {
  readonly values: { readonly [key: string]: ConfigValue }
  /** The span of a value (`['attach', 0, 'path']`) or of its key; of the whole target for the empty path. */
  spanOf(path: readonly (string | number)[], part: 'key' | 'value'): Span
}

/** What every engine's profile says; the rest is the engine's own. */
export interface TargetProfile {
  readonly type: string
  /** The database that relations are made in, unless a node says otherwise. */
  readonly database: string
  readonly schema: string
  /** Undefined: not written, the command decides. */
  readonly threads?: number | undefined
  /** `plain`: a node's `+schema` stands alone instead of being joined to the target's schema. */
  readonly schemaNaming: 'prefix' | 'plain'
}

/** What opening needs besides the profile. */
export interface OpenContext {
  /** Absolute folder that relative paths of the profile start from: where `profiles.yml` lies. */
  readonly baseDir: string
  /** Connections in the pool, at least 1. */
  readonly threads: number
  /** Eight hex digits: what this run's staged relations end in, after `__tsdbt_`. */
  readonly runId: string
  /** Milliseconds to wait while another process holds the database; 0 refuses at once. */
  readonly waitMs: number
  /** Aborting ends the waiting with a `CancelledError`. */
  readonly signal?: AbortSignal | undefined
  /** Goes along with statements of no node. */
  readonly comment?: StatementComment | null | undefined
  /** Where diagnostics about opening point: the target in `profiles.yml`. */
  readonly span?: Span | undefined
}
