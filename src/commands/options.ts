import type { Event } from '../base/events.ts'
import type { Scrubber } from '../base/scrub.ts'
import type { PrunePlan } from './prune-plan.ts'

/** How a library caller or the CLI opens a project. Nothing here reads the environment by itself. */
export interface EngineOptions {
  /** Absolute or relative to the process's folder; the nearest folder upwards with `project.yml` or `dbt_project.yml` counts. */
  readonly projectDir?: string | undefined
  readonly profilesDir?: string | undefined
  readonly profile?: string | undefined
  readonly target?: string | undefined
  readonly targetPath?: string | undefined
  /** YAML text, as `--vars` takes it, or values. */
  readonly vars?: string | Readonly<Record<string, unknown>> | undefined
  readonly threads?: number | undefined
  /** Warnings count as errors, in every command. */
  readonly warnError?: boolean | undefined
  /** YAML text, as `--warn-error-options` takes it. */
  readonly warnErrorOptions?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Milliseconds to wait for another run on the same target; 0 refuses at once. */
  readonly waitMs?: number | undefined
  readonly on?: ((event: Event) => void) | undefined
  /** Aborting stops the run: statements are interrupted, nothing half-published stays, results are written. */
  readonly signal?: AbortSignal | undefined
  /** The command line, for `run_results.json`; secrets are scrubbed. */
  readonly invocation?: string | undefined
  /** UUID of this invocation, when the caller's log has one already. */
  readonly invocationId?: string | undefined
  /** Folder of the artifacts of an earlier run, from the process's folder; the local state of the target when absent. */
  readonly state?: string | undefined
  /** Nodes that are missing in the target are read where the state has them. */
  readonly defer?: boolean | undefined
  /** The state to defer to, when it is another than `state`. */
  readonly deferState?: string | undefined
  /** With `defer`: everything that is not selected is read where the state has it. */
  readonly favorState?: boolean | undefined
  /** What counts as now for batches and samples; the moment in which the project was opened when absent. */
  readonly now?: string | Date | undefined
  /** Shared with the caller's log: the engine adds the credentials of the profile to it. One of its own when absent. */
  readonly secrets?: Scrubber | undefined
}

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty'

export interface SelectionOptions {
  /** Each entry may hold several specs separated by blanks (union). */
  readonly select?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Name of a selector of `selectors.yml`; it takes the place of the two above. */
  readonly selector?: string | undefined
  readonly indirectSelection?: IndirectSelection | undefined
  readonly resourceTypes?: readonly string[] | undefined
  readonly excludeResourceTypes?: readonly string[] | undefined
}

export interface ListOptions extends SelectionOptions {
  /** Tell for each node why it was selected, as far as the state tells. */
  readonly why?: boolean | undefined
}

/** Which time rows are of. Times are dates or ISO 8601; without an offset they are UTC. */
export interface TimeOptions {
  /** The window that microbatch models build anew; it and `eventTimeEnd` come together. */
  readonly eventTimeStart?: string | Date | undefined
  /** Does not belong to the window. */
  readonly eventTimeEnd?: string | Date | undefined
  /** Nodes with an `event_time` are read for this time only: `3 days`, or YAML or values with `start` and `end`. */
  readonly sample?: string | { readonly start: string | Date; readonly end: string | Date } | undefined
  /** Wins over that of the engine's options. */
  readonly now?: string | Date | undefined
}

export interface RunOptions extends SelectionOptions, TimeOptions {
  readonly fullRefresh?: boolean | undefined
  readonly failFast?: boolean | undefined
  /** Every ref and source reads no rows. */
  readonly empty?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly allOrNothing?: boolean | undefined
  readonly storeFailures?: boolean | undefined
  /** Exports that say where are also published there. */
  readonly publish?: boolean | undefined
  /** Of `test`: run incremental models and snapshots twice on copies of their tables instead. */
  readonly idempotence?: boolean | undefined
  /** Warnings count as errors. */
  readonly warnError?: boolean | undefined
  readonly writeJson?: boolean | undefined
  /**
   * Batches of microbatch models, by unique id, as `batch_results` of a run holds them: of these models nothing else is
   * run, and their tables are never built anew from nothing.
   */
  readonly batches?: Readonly<Record<string, readonly (readonly [start: string, end: string])[]>> | undefined
  /** After seeds: show the first rows. */
  readonly show?: boolean | undefined
  /** Set by `retry`: what is run, instead of a selection. */
  readonly again?: RunAgain | undefined
}

/** What of an earlier run is run again. */
export interface RunAgain {
  readonly ids: ReadonlySet<string>
  /** Everything that the earlier run had selected. */
  readonly selectedBefore: ReadonlySet<string>
}

export interface CloneOptions extends RunOptions {
  /** Copies of the rows instead of views on them. */
  readonly tables?: boolean | undefined
}

export interface RetryOptions {
  readonly fullRefresh?: boolean | undefined
  /** Warnings count as errors, and what warned is run again. */
  readonly warnError?: boolean | undefined
  readonly failFast?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly writeJson?: boolean | undefined
}

export interface FreshnessOptions extends SelectionOptions {
  /** Where `sources.json` goes, relative to the process's folder; the target folder when absent. */
  readonly output?: string | undefined
  /** False: no manifest; `sources.json` is written all the same. */
  readonly writeJson?: boolean | undefined
}

export interface CompileOptions extends SelectionOptions, TimeOptions {
  readonly inline?: string | undefined
  readonly fullRefresh?: boolean | undefined
  readonly empty?: boolean | undefined
  /** False: `query` and its kin see nothing and no connection is made. */
  readonly introspect?: boolean | undefined
}

export interface DocsOptions extends SelectionOptions {
  /** False: the manifest has no compiled SQL, unless templates are compiled for something else. */
  readonly compile?: boolean | undefined
  /** The catalog has no entries and the warehouse is not asked. */
  readonly emptyCatalog?: boolean | undefined
}

export interface PruneOptions {
  /** Also drops what snapshots have made. */
  readonly includeSnapshots?: boolean | undefined
  /** Asked before anything is dropped; absent, nothing is. */
  readonly confirm?: ((plan: PrunePlan) => boolean | Promise<boolean>) | undefined
}

export interface ShowOptions extends SelectionOptions, TimeOptions {
  readonly inline?: string | undefined
  readonly empty?: boolean | undefined
  /** -1: all rows. */
  readonly limit?: number | undefined
}

export interface OperationOptions {
  readonly macro?: string | undefined
  /** YAML text or values. */
  readonly args?: string | Readonly<Record<string, unknown>> | undefined
  /** A statement instead of a macro. */
  readonly sql?: string | undefined
}
