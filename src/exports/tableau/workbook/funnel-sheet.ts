import { axisRules } from './axis-style.ts'
import { markColor } from './color-encoding.ts'
import { funnelStart } from './generated-calculations.ts'
import { labelFormats } from './mark-encodings.ts'
import type { Encoding, SheetContext, SheetParts } from './sheet-parts.ts'
import { sheetSort } from './sheet-sorts.ts'
import { shelfText } from './shelf-text.ts'
import { format } from './style-rule.ts'

/**
 * A bar for each step. Around the middle it is a Gantt bar that begins half of its value to the left and is as long as
 * the whole. Steps go down by value unless the sheet sorts them.
 */
export function funnelSheet(context: SheetContext): SheetParts {
  const { sheet, fields, spec } = context
  const steps = sheet.rows.map((field) => fields.pill(field))
  const [value] = sheet.values
  const start = sheet.funnelShape === 'centered' ? funnelStart(value!) : undefined
  const measure = fields.pill(value!)
  const hidden = { visible: false, minimum: null, maximum: null, includeZero: true, grid: false }
  const across = fields.pill({ ...(start ?? value!), title: '', axis: value!.axis ?? hidden }, 'axis')
  const labels = sheet.labels.length === 0 ? [measure] : sheet.labels.map((field) => fields.pill(field))
  const encodings: Encoding[] = [
    ...(sheet.color.kind === 'field' ? [{ shelf: 'color', ref: fields.pill(sheet.color.field).ref } as const] : []),
    ...(start === undefined ? [] : [{ shelf: 'size', ref: measure.ref } as const]),
    ...sheet.detail.map((field) => ({ shelf: 'lod', ref: fields.pill(field).ref }) as const),
    ...labels.map((pill) => ({ shelf: 'text', ref: pill.ref }) as const),
  ]
  const byValue = steps
    .slice(0, 1)
    .map((step) => sheetSort({ field: step.use, rule: { kind: 'by', by: value!, descending: true } }, fields))
  return {
    rows: shelfText(steps, []),
    columns: across.ref,
    panes: [
      {
        mark: start === undefined ? 'Bar' : 'GanttBar',
        axis: null,
        stacking: 'auto',
        encodings,
        markFormats: [
          ...(sheet.color.kind === 'field' ? [] : [format('mark-color', markColor(sheet.color, 0, spec))]),
          ...labelFormats(true),
        ],
        label: null,
      },
    ],
    rules: axisRules([across, ...labels.filter((pill) => pill.use.format !== null)], 'cols', context),
    map: false,
    filters: [],
    sorts: sheet.sorts.length === 0 ? byValue : [],
  }
}
