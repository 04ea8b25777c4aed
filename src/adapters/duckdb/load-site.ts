import type { Span } from '../../base/span.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { LoadedFile } from '../load/load-state.ts'
import type { TypeFamily } from '../load/value-sql.ts'
import type { DuplicateRule } from './deduplicate.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import type { OpenFiles } from './load-files.ts'
import type { Staging } from './load-staging.ts'

/** A connection of the engine that reads files, and the table of it that the rows are read into. */
export interface Reader {
  readonly connection: DuckDbConnection
  readonly table: RelationName
  close(): void
}

/** A type as it is written in YAML, or as the site's own catalog prints it. */
export interface AskedType {
  readonly column: string
  readonly type: string
  /** Where YAML says it. */
  readonly span?: Span | undefined
}

export interface ResolvedType {
  /** As the reader's `typeof` prints it. */
  readonly type: string
  readonly family: TypeFamily
  /** The type of the column at the site. */
  readonly stored: string
}

/** Files that are gone and whose rows stay. */
export interface Vanished {
  readonly files: readonly string[]
  /** Columns of the table that stands, and their types. */
  readonly target: ReadonlyMap<string, string>
}

/** Rows that have been read and checked, on their way to the staged tables of the site. */
export interface ReadRows {
  readonly staging: Staging
  readonly opened: OpenFiles
  readonly rule: DuplicateRule | undefined
  /** The table is made anew, so nothing is compared with the rows that stand. */
  readonly reload: boolean
  /** Files whose rows will leave the table. */
  readonly replaced: readonly string[]
  readonly vanished: Vanished | undefined
}

/**
 * The database that keeps the rows of a source: the part of a load in which engines differ. Everything else (finding,
 * reading, checking and counting) is done by the reader, which is DuckDB for every engine.
 */
export interface LoadSite {
  readonly staged: RelationName
  readonly stagedQuarantine: RelationName
  ensureState(): Promise<void>
  loadedFiles(): Promise<readonly LoadedFile[]>
  /** The columns of the table that stands, and their types; undefined when there is no table. */
  standing(): Promise<ReadonlyMap<string, string> | undefined>
  /** @param folder for what the reader cannot hold in memory */
  openReader(folder: string): Promise<Reader>
  /** Raises `UserError` for types that neither the reader nor the site knows. */
  resolveTypes(reader: DuckDbConnection, asked: readonly AskedType[]): Promise<readonly ResolvedType[]>
  /** What a column is called there; `quote` keeps the name as it is written. */
  columnName(name: string, quote: boolean): string
  /** The type of the site for one of the reader's. */
  storedType(type: string): string
  /** The others of the table's columns that hold a value in the rows of the vanished files. */
  columnsWithValues(names: readonly string[], files: readonly string[]): Promise<readonly string[]>
  /** Fills the staged tables. Refuses more rows when the site takes their values for no values of the type. */
  receive(rows: ReadRows): Promise<{ readonly accepted: number; readonly duplicates: number }>
  /** Drops what a load that failed has left. */
  clean(): Promise<void>
}
