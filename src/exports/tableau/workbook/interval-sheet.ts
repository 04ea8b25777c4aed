import { axisRules } from './axis-style.ts'
import { markColor } from './color-encoding.ts'
import { foldedAxis } from './dual-axis.ts'
import { intervalLength } from './generated-calculations.ts'
import { labelFormats } from './mark-encodings.ts'
import type { Encoding, PaneParts, SheetContext, SheetParts } from './sheet-parts.ts'
import { shelfText } from './shelf-text.ts'
import { format } from './style-rule.ts'

/** A point for each row of headers on a thin line between two ends: a circle over a Gantt bar, on one axis. */
export function intervalSheet(context: SheetContext): SheetParts {
  const { sheet, fields, spec } = context
  const [value, from] = sheet.values
  const hidden = { visible: false, minimum: null, maximum: null, includeZero: true, grid: false }
  const start = fields.pill({ ...from!, title: value!.title, format: value!.format, axis: value!.axis }, 'axis')
  const point = fields.pill({ ...value!, title: '', axis: hidden }, 'axis')
  const length = intervalLength(sheet).map((field) => fields.pill(field))
  const labels = sheet.labels.map((field) => fields.pill(field))
  const color = sheet.color.kind === 'field' ? [fields.pill(sheet.color.field)] : []
  const shared: readonly Encoding[] = [
    ...color.map((pill) => ({ shelf: 'color', ref: pill.ref }) as const),
    ...sheet.detail.map((field) => ({ shelf: 'lod', ref: fields.pill(field).ref }) as const),
  ]
  const plain = sheet.color.kind === 'field' ? [] : [format('mark-color', markColor(sheet.color, 0, spec))]
  const pane = (part: Pick<PaneParts, 'mark' | 'axis'>, encodings: readonly Encoding[]): PaneParts => ({
    ...part,
    stacking: 'off',
    encodings: [...shared, ...encodings],
    markFormats: [...plain, ...labelFormats(part.mark === 'Circle' && labels.length > 0)],
    label: null,
  })
  const line = length.map((pill) => ({ shelf: 'size', ref: pill.ref }) as const)
  const texts = labels.map((pill) => ({ shelf: 'text', ref: pill.ref }) as const)
  return {
    rows: shelfText(
      sheet.rows.map((field) => fields.pill(field)),
      [],
    ),
    columns: shelfText([], [start, point]),
    panes: [
      pane({ mark: 'GanttBar', axis: null }, line),
      pane({ mark: 'GanttBar', axis: { shelf: 'cols', pill: start, index: 0 } }, line),
      pane({ mark: 'Circle', axis: { shelf: 'cols', pill: point, index: 1 } }, texts),
    ],
    rules: [...axisRules([start, point], 'cols', context), ...foldedAxis(point, 'cols', 'synchronized')],
    map: false,
    filters: [],
    sorts: [],
  }
}
