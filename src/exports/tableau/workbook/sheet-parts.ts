import type { Element } from 'xast'
import type { Sheet, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import type { Pill, SheetFields } from './sheet-fields.ts'
import type { SheetFilter } from './sheet-filters.ts'

/** What the parts of a sheet are made from. */
export interface SheetContext {
  readonly sheet: Sheet
  readonly spec: WorkbookSpec
  readonly fields: SheetFields
}

export type MarkClass = 'Line' | 'Area' | 'Bar' | 'Circle' | 'Square' | 'Text' | 'GanttBar' | 'Multipolygon'

export interface Encoding {
  readonly shelf: 'color' | 'size' | 'text' | 'lod' | 'geometry' | 'tooltip'
  readonly ref: string
}

/** One layer of marks; several when a shelf has several measures. */
export interface PaneParts {
  readonly mark: MarkClass
  /** The measure whose axis the pane belongs to; null: all of them. */
  readonly axis: { readonly shelf: 'rows' | 'cols'; readonly pill: Pill; readonly index: number } | null
  readonly stacking: 'auto' | 'on' | 'off'
  readonly encodings: readonly Encoding[]
  /** `format`s of its marks. */
  readonly markFormats: readonly Element[]
  readonly label: Element | null
}

/** What a kind of sheet makes of its shelves. */
export interface SheetParts {
  /** Texts of the shelves, in Tableau's algebra. */
  readonly rows: string
  readonly columns: string
  readonly panes: readonly PaneParts[]
  /** `style-rule`s beside those that all sheets have. */
  readonly rules: readonly Element[]
  readonly map: boolean
  readonly filters: readonly SheetFilter[]
  readonly sorts: readonly Element[]
}
