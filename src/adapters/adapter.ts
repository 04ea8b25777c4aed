import type { DatabaseFault } from '../base/errors.ts'
import type { MadeName, RelationKind, RelationName } from '../sql/relation.ts'
import type { TableConstraints } from './constraints.ts'
import type { Dialect } from './dialect.ts'
import type { Extraction } from './extraction.ts'
import type { LiveConnection } from './live-connection.ts'
import type { LoadRequest, SeedRequest, SeedResult, StagedLoad } from './load.ts'
import type { ReaderSchema } from './reader-schema.ts'
import type { RelationDetails } from './relation-details.ts'
import type { GuardedReplacement } from './replacement.ts'
import type { Cell, ResultColumn, RowSet } from './row-set.ts'
import type { StatementComment } from './statement-comment.ts'
import type { TableFeatures } from './table-features.ts'

export type { Cell, ResultColumn, RowSet }

/** A relation that the catalog knows. */
export interface ExistingRelation {
  readonly name: RelationName
  readonly kind: RelationKind
}

/** A view or a function, and a relation or a function that it reads. */
export interface Dependant {
  readonly reader: MadeName
  readonly of: MadeName
}

/** What an engine can do; absent means no. */
export interface Capabilities {
  /** DDL takes part in transactions. */
  readonly transactionalDdl?: boolean
  /** `merge into` is available. */
  readonly merge?: boolean
  /** A view keeps reading a table of the same name after the table was replaced. */
  readonly viewsBindByName?: boolean
  /** `create or replace table`. */
  readonly replaceTable?: boolean
  /** Names that differ in case only are the same name, also when quoted. */
  readonly ignoresCase?: boolean
  /** Relations bind by identity and replacing one locks out its readers: `Session.guarded` does it. */
  readonly guardedReplace?: boolean
  /** Relations have owners and rights that `grants` can declare. */
  readonly grants?: boolean
  /** Tables take indexes, `unlogged`, a fillfactor, a tablespace and partitions from a model's configuration. */
  readonly tableStorage?: boolean
  /** A target can name further databases that its statements may read. */
  readonly attachesDatabases?: boolean
  /** Queries can be kept as materialized views; elsewhere they are tables. */
  readonly materializedViews?: boolean
}

/** One connection. It runs one statement at a time. Every failure is a `DatabaseError`, or a `CancelledError` after `cancel`. */
export interface Session {
  /** The comment of all statements from now on; null: the one of the `OpenContext`. */
  annotate(comment: StatementComment | null): void
  /** Runs one statement; resolves to the number of rows it touched, or null when the engine does not tell. */
  execute(sql: string): Promise<number | null>
  query(sql: string, limit?: number): Promise<RowSet>
  /**
   * As `query`; a transaction that is open goes on when the statement fails. Present where a failed statement would end it
   * otherwise, and the engine can go back to before it.
   */
  queryApart?(sql: string, limit?: number): Promise<RowSet>
  begin(): Promise<void>
  /** Never interrupted by `cancel`: it either happened or it did not, and the promise tells which. */
  commit(): Promise<void>
  /** Safe to call when no transaction is open. */
  rollback(): Promise<void>
  /** Columns of a relation in order; an empty list when it does not exist. */
  columnsOf(relation: RelationName): Promise<readonly ResultColumn[]>
  /** Reads the new and changed files of a source into staged tables beside the target; no transaction may be open. */
  stageLoad(request: LoadRequest): Promise<StagedLoad>
  /** Moves staged rows into the target and its quarantine and records the files; inside the open transaction. */
  publishLoad(staged: StagedLoad): Promise<void>
  /** Drops the staged tables; `keepQuarantine` first copies the refused rows, as after a failed load. No transaction may be open. */
  discardLoad(staged: StagedLoad, options: { keepQuarantine: boolean }): Promise<void>
  /** Makes a table from a seed file. Raises `UserError` with the file's line and column for the first bad row. */
  loadSeed(request: SeedRequest): Promise<SeedResult>
  /**
   * Runs work inside the open transaction; when it raises, everything since is undone, its locks are let go, the error is
   * raised again and the transaction goes on. Present exactly when the engine has the capability `guardedReplace`.
   */
  savepoint?<T>(work: () => Promise<T>): Promise<T>
  /** Present exactly when the engine has the capability `guardedReplace`. */
  readonly guarded?: GuardedReplacement
  readonly constraints: TableConstraints
  readonly extraction: Extraction
  readonly readers: ReaderSchema
  /** Present exactly when the engine has the capability `tableStorage`. */
  readonly features?: TableFeatures
  /** Interrupts the statement that runs, or else the next one: it raises `CancelledError`, and later ones run. */
  interrupt(): void
  /** Forgets an interruption that has met no statement. */
  proceed(): void
  /** Gives the connection back to the pool; rolls back what is open. */
  release(): Promise<void>
}

/** An engine that is connected. One object a run; made by the adapter's `open…` function. */
export interface Adapter {
  /** `duckdb` or `postgres`; for messages and macro overrides only, never for decisions. */
  readonly type: string
  /** Of a server, which is known only when it is connected: `18.4`. */
  readonly version?: string
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  /** Absent where there is no server that other programs could ask. */
  readonly live?: LiveConnection
  /** Waits for a free connection of the pool (as many as threads). */
  acquire(): Promise<Session>
  /** All relations of the given schemas in one query. Schemas that do not exist have none. */
  relations(schemas: readonly { database: string; schema: string }[]): Promise<readonly ExistingRelation[]>
  /** What the catalog says of those of the relations that exist, in one query; relations out of reach are none. */
  details(relations: readonly RelationName[]): Promise<readonly RelationDetails[]>
  /** Functions that users made in the given schemas. */
  functions(schemas: readonly { database: string; schema: string }[]): Promise<readonly RelationName[]>
  /** Names of the databases that statements can read. */
  databases(): Promise<readonly string[]>
  /** Views and functions in SQL that read some of the given, directly. */
  dependants(of: readonly MadeName[]): Promise<readonly Dependant[]>
  /** Creates the schemas that are missing, one after the other. */
  createSchemas(schemas: readonly { database: string; schema: string }[]): Promise<void>
  /**
   * Drops staged relations of runs that are dead (names that end in `__tsdbt_` and eight hex digits) and says which. To be
   * called before the run makes its own.
   */
  cleanStrays(schemas: readonly { database: string; schema: string }[]): Promise<readonly ExistingRelation[]>
  /**
   * Makes this run the only one that writes to a target until `close`. Raises `UserError` that names the holder when another
   * run has it for longer than the waiting time of `OpenContext`. Absent where opening the database does it.
   */
  hold?(target: { database: string; schema: string }): Promise<void>
  /**
   * Milliseconds after which a transaction that failed with this fault may be tried again as a whole (a lock that was not
   * had in time, a deadlock, a serialization failure, a lost connection); null when trying again is of no use.
   * @param attempt how often it was tried, from 1
   */
  retryAfter?(fault: DatabaseFault, attempt: number): number | null
  /**
   * Where a transaction that is rolled back may make tables of its own (of names that end as staged ones do), also before
   * any schema of the project exists.
   */
  scratch(database: string): { readonly database: string; readonly schema: string }
  /** Interrupts every running statement; later statements raise `CancelledError`. Commits are let through. */
  cancel(): void
  /** Allows statements again after `cancel`, so that the run can clean up. */
  resume(): void
  close(): Promise<void>
}
