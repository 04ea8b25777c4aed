import type { Element } from 'xast'
import { isMeasure } from '../../../config/exports/workbook/read-field.ts'
import type { Field } from '../../../config/exports/workbook/workbook-spec.ts'
import { axisRules } from './axis-style.ts'
import { markColor } from './color-encoding.ts'
import { foldedAxis } from './dual-axis.ts'
import { commonEncodings, labelFormats } from './mark-encodings.ts'
import type { Pill } from './sheet-fields.ts'
import type { MarkClass, PaneParts, SheetContext, SheetParts } from './sheet-parts.ts'
import { shelfText } from './shelf-text.ts'
import { format } from './style-rule.ts'

const MARKS: { readonly [kind: string]: MarkClass } = { line: 'Line', area: 'Area', bar: 'Bar', scatter: 'Circle' }

/** Lines, areas, bars and points: headers and axes on both shelves. */
export function axisSheet(context: SheetContext): SheetParts {
  const { sheet, fields } = context
  const over = sheet.color.kind === 'field' && !isMeasure(sheet.color.field) ? [fields.pill(sheet.color.field)] : []
  const place = (list: readonly Field[], other: readonly Field[]): readonly Pill[] =>
    list.map((field, i) => {
      if (isMeasure(field)) {
        const pill = fields.pill(field, 'axis')
        return sheet.stack === 'percent' && pill.continuous ? fields.share(pill, over) : pill
      }
      // The last dimension across from a measure runs along an axis if it can; the others split the view.
      const last = i === list.length - 1 || list.slice(i + 1).every(isMeasure)
      const along = last && other.some(isMeasure) && !list.some(isMeasure)
      return fields.pill(field, along && sheet.kind !== 'bar' ? 'axis' : 'header')
    })
  const columns = place(sheet.columns, sheet.rows)
  const rows = place(sheet.rows, sheet.columns)
  const shelf = (pills: readonly Pill[]): string =>
    shelfText(
      pills.filter((pill) => !pill.continuous),
      pills.filter((pill) => pill.continuous),
    )
  return {
    rows: shelf(rows),
    columns: shelf(columns),
    panes: panesOf(context, rows, columns),
    rules: [
      ...axisRules(rows, 'rows', context),
      ...axisRules(columns, 'cols', context),
      ...dualAxisRule(sheet.dualAxis, rows, columns),
    ],
    map: false,
    filters: [],
    sorts: [],
  }
}

const measuresOf = (pills: readonly Pill[]): readonly Pill[] =>
  pills.filter((pill) => pill.continuous && isMeasure(pill.use))

/** A pane for each measure when there are several on one shelf, after the one that holds for all. */
function panesOf(context: SheetContext, rows: readonly Pill[], columns: readonly Pill[]): readonly PaneParts[] {
  const { sheet } = context
  const [onRows, onColumns] = [measuresOf(rows), measuresOf(columns)]
  const shelf = onRows.length > 1 ? 'rows' : 'cols'
  const several = onRows.length > 1 ? onRows : onColumns.length > 1 ? onColumns : []
  const labels = sheet.labels.map((field) => context.fields.pill(field, 'axis'))
  const pane = (axis: PaneParts['axis'], at: number): PaneParts => ({
    mark: MARKS[sheet.kind]!,
    axis,
    stacking: sheet.stack === 'none' && (sheet.kind === 'bar' || sheet.kind === 'area') ? 'off' : 'auto',
    encodings: commonEncodings(context, labels),
    markFormats: [
      ...(sheet.color.kind === 'field' ? [] : [format('mark-color', markColor(sheet.color, at, context.spec))]),
      ...(sheet.kind === 'line' && sheet.markers ? [format('mark-markers-mode', 'all')] : []),
      ...labelFormats(labels.length > 0),
      ...(sheet.kind === 'area' ? [format('mark-transparency', 200)] : []),
    ],
    label: null,
  })
  return [pane(null, 0), ...several.map((pill, i) => pane({ shelf, pill, index: i }, i))]
}

/** The second axis folds onto the first. */
function dualAxisRule(dual: boolean, rows: readonly Pill[], columns: readonly Pill[]): Element[] {
  if (!dual) return []
  const onRows = measuresOf(rows)
  const second = onRows[1] ?? measuresOf(columns)[1]
  if (second === undefined) return []
  return foldedAxis(second, onRows[1] === undefined ? 'cols' : 'rows', 'apart')
}
