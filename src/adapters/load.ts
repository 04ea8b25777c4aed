import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { FilesSpec } from '../config/files-spec.ts'
import type { RelationName } from '../sql/relation.ts'

/** A column that YAML declares for a source table or a seed. */
export interface DeclaredColumn {
  readonly name: string
  /** Undefined means text (sources) or inferred (seeds). */
  readonly dataType?: string | undefined
  /** `quote: true` keeps the name as it is written in the file. */
  readonly quote: boolean
  /** False when a file may lack the column. */
  readonly required: boolean
  readonly span: Span
}

/** What to read into which table. Pure data: made by `materializations/`, executed by an adapter. */
export interface LoadRequest {
  /** `source.<pkg>.<source>.<table>` */
  readonly uniqueId: string
  readonly target: RelationName
  readonly quarantine: RelationName
  readonly files: FilesSpec
  readonly columns: readonly DeclaredColumn[]
  readonly projectRoot: string
  readonly runId: string
  /** ISO time, UTC: the value of `_loaded_at`. */
  readonly loadedAt: string
  /** Load all files again, whatever the state says. */
  readonly fullRefresh: boolean
  /** Fingerprint of the declaration: a change reloads every file. */
  readonly declaration: string
}

/** `input = accepted + quarantined + duplicate`, always. All zero when nothing was new. */
export interface LoadResult {
  readonly rowsInput: number
  readonly rowsAccepted: number
  readonly rowsQuarantined: number
  readonly rowsDuplicate: number
  readonly filesLoaded: readonly string[]
  readonly filesUnchanged: number
  readonly filesRemoved: readonly string[]
  /** Warnings and, when the load failed, errors (`max_bad_rows`, missing file, encoding …). An error means: the table was left as it was. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface SeedRequest {
  readonly target: RelationName
  readonly absolutePath: string
  /** Relative to the project, for diagnostics. */
  readonly path: string
  readonly delimiter: string
  readonly columns: readonly DeclaredColumn[]
  readonly quoteColumns: boolean
  readonly nullValues: readonly string[]
}

export interface SeedResult {
  readonly rows: number
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A load that has been read but not yet published. */
export interface StagedLoad {
  readonly request: LoadRequest
  readonly result: LoadResult
  /** True when `result.diagnostics` has an error: it must be discarded, not published. */
  readonly failed: boolean
  /** Staged relations that exist until publish or discard. */
  readonly relations: readonly RelationName[]
  /** Adapter's own notes for `publishLoad`. */
  readonly state: unknown
}
