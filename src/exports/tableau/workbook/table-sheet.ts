import { numberFormats } from './axis-style.ts'
import { commonEncodings, labelFormats } from './mark-encodings.ts'
import { measureNamesFilter } from './sheet-filters.ts'
import type { SheetContext, SheetParts } from './sheet-parts.ts'
import { shelfText } from './shelf-text.ts'
import { format, styleRule } from './style-rule.ts'

/** A table of numbers. Several measures stand beside each other under their names. */
export function textSheet(context: SheetContext): SheetParts {
  const { sheet, fields } = context
  const rows = sheet.rows.map((field) => fields.pill(field))
  const columns = sheet.columns.map((field) => fields.pill(field))
  const values = sheet.values.map((field) => fields.pill(field))
  const several = values.length > 1
  return {
    rows: shelfText(rows, []),
    columns: shelfText(several ? [...columns, fields.special('Measure Names')] : columns, []),
    panes: [
      {
        mark: 'Text',
        axis: null,
        stacking: 'auto',
        encodings: [
          ...commonEncodings(context, []),
          { shelf: 'text', ref: several ? fields.special('Multiple Values') : values[0]!.ref },
        ],
        markFormats: labelFormats(true),
        label: null,
      },
    ],
    rules: [...numberFormats([...values, ...rows, ...columns]), ...styleRule('cell', [format('text-align', 'right')])],
    map: false,
    filters: several ? [measureNamesFilter(values, fields)] : [],
    sorts: [],
  }
}

/** A coloured square for each pair of headers. */
export function highlightSheet(context: SheetContext): SheetParts {
  const { sheet, fields } = context
  const rows = sheet.rows.map((field) => fields.pill(field))
  const columns = sheet.columns.map((field) => fields.pill(field))
  const color = sheet.color.kind === 'field' ? [fields.pill(sheet.color.field)] : []
  const labels = sheet.labels.length === 0 ? color : sheet.labels.map((field) => fields.pill(field))
  return {
    rows: shelfText(rows, []),
    columns: shelfText(columns, []),
    panes: [
      {
        mark: 'Square',
        axis: null,
        stacking: 'auto',
        encodings: commonEncodings(context, labels),
        markFormats: [...labelFormats(true), format('mark-labels-mode', 'all'), format('has-stroke', 'false')],
        label: null,
      },
    ],
    rules: [
      ...numberFormats([...rows, ...columns, ...color, ...labels]),
      ...styleRule('cell', [format('text-align', 'center')]),
    ],
    map: false,
    filters: [],
    sorts: [],
  }
}
