import type { RelationName } from '../../sql/relation.ts'

/** What the warehouse knows of a file that was loaded. */
export interface LoadedFile {
  readonly path: string
  readonly hash: string
  readonly declaration: string
}

/** A file that a load records. */
export interface FileRecord {
  readonly path: string
  readonly hash: string
  readonly bytes: number
  /** Rows of the file, refused and duplicate ones included. */
  readonly rows: number
}

/** What `publishLoad` needs to know of a staged load. */
export interface LoadState {
  readonly staged: RelationName
  readonly stagedQuarantine: RelationName
  /** The staged table becomes the target; else its rows are added. */
  readonly replace: boolean
  /** Files whose rows leave the target and the quarantine before the new ones come. */
  readonly replaced: readonly string[]
  /** Files whose state is forgotten. */
  readonly forgotten: readonly string[]
  readonly records: readonly FileRecord[]
}

/** Columns of the quarantine in order, apart from `_loaded_at` at the end. */
export const QUARANTINE_NAMES = ['_file', '_line', '_column', '_reason', '_raw'] as const
