import type { Session } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { LiveConnection } from '../adapters/live-connection.ts'
import type { LogicalType } from '../adapters/logical-type.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { ExportFormat, FormatOptions } from '../config/exports/format-options.ts'
import type { Export, NodeRelation, RelationNode } from '../project/resource.ts'
import type { HyperService } from './hyper/hyper-service.ts'

type Meta = RelationNode['meta']

/** A column that is exported, with what the project says of it. */
export interface ExportColumn {
  readonly name: string
  readonly type: LogicalType
  /** The engine's own name of the type. */
  readonly engineType: string
  readonly description: string
  readonly meta: Meta
  /** Where a property file describes it; null when none does. */
  readonly span: RelationNode['span'] | null
}

/** A relation that is exported. */
export interface ExportTable {
  readonly node: RelationNode
  /** Where it stands in the warehouse. */
  readonly relation: NodeRelation
  /** Unique within the export without regard to case. */
  readonly name: string
  readonly description: string
  readonly meta: Meta
  readonly columns: readonly ExportColumn[]
  /** Selects the columns in their order from the published relation. */
  readonly sql: string
  /** Columns that are unique and not null together, by contract or tests; empty when none are. */
  readonly primaryKey: readonly string[]
  /** To other tables of the same export. */
  readonly foreignKeys: readonly {
    readonly columns: readonly string[]
    readonly table: string
    readonly targetColumns: readonly string[]
  }[]
}

/** One export at work. */
export interface ExportJob<F extends ExportFormat = ExportFormat> {
  readonly export: Export
  readonly options: FormatOptions[F]
  readonly tables: readonly ExportTable[]
  /** Absolute, in `scratch`. What the format makes here, a file or a folder, takes the place of `target` when all went well. */
  readonly output: string
  /** Absolute; for names within files. Nobody but the caller touches it. */
  readonly target: string
  /** Absolute; an empty folder of the job's own on the same disk, for nobody else, removed with whatever is in it. */
  readonly scratch: string
  readonly session: Session
  readonly dialect: Dialect
  readonly hyper: HyperService
  /** Null when the engine has no server. */
  readonly live: LiveConnection | null
  /** Absolute root of the project. */
  readonly projectRoot: string
  readonly project: string
  readonly runId: string
  /** ISO 8601 UTC: when the run began. */
  readonly startedAt: string
  readonly signal: AbortSignal
  warn(diagnostic: Diagnostic): void
}

/** What a format tells of its work, for the manifest. */
export interface WrittenExport {
  /** Rows by table. */
  readonly rows: { readonly [table: string]: number }
  /** Facts of the format, for example `{ hyper_version: 2 }`. */
  readonly facts: { readonly [name: string]: string | number | boolean | null }
}

/** How rows become a file of one kind. Raises `UserError` for what the user can mend; leaves the clearing up to the caller. */
export interface ExportWriter<F extends ExportFormat> {
  write(job: ExportJob<F>): Promise<WrittenExport>
}
