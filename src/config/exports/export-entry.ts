import type { Span } from '../../base/span.ts'
import type { ConfigLayer } from '../config-layer.ts'
import type { ReferenceText } from '../reference-text.ts'
import type { FormatChoice } from './format-options.ts'
import type { PublishEntry } from './publish/publish-options.ts'

/** A column that an export promises to its readers. */
export interface PromisedColumn {
  readonly name: string
  /** As written; null: any type. */
  readonly dataType: string | null
  readonly span: Span
}

/** An entry of `exports:`; whether what it reads exists is not known here. */
export interface ExportEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly label: string | null
  readonly description: string
  readonly from: readonly { readonly reference: Exclude<ReferenceText, { kind: 'this' }>; readonly span: Span }[]
  /** As written, with `/`; null where the format needs none. */
  readonly to: string | null
  readonly toSpan: Span
  readonly outsideProject: boolean
  /** Null: all columns, as they are. */
  readonly columns: readonly PromisedColumn[] | null
  /** What becomes of an export whose columns are gone or retyped since the last time. */
  readonly onSchemaChange: 'fail' | 'allow'
  readonly choice: FormatChoice
  /** Where the file goes besides; null: nowhere. */
  readonly publish: PublishEntry | null
  readonly owner: { readonly name: string | null; readonly email: string | readonly string[] | null }
  readonly config: ConfigLayer
}
