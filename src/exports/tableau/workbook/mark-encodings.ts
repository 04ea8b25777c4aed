import type { Element } from 'xast'
import type { Pill } from './sheet-fields.ts'
import type { Encoding, SheetContext } from './sheet-parts.ts'
import { format } from './style-rule.ts'

/** Colour, size, detail and labels of the marks card. */
export function commonEncodings({ sheet, fields }: SheetContext, labels: readonly Pill[]): readonly Encoding[] {
  return [
    ...(sheet.color.kind === 'field' ? [{ shelf: 'color', ref: fields.pill(sheet.color.field).ref } as const] : []),
    ...(sheet.size === null ? [] : [{ shelf: 'size', ref: fields.pill(sheet.size).ref } as const]),
    ...sheet.detail.map((field) => ({ shelf: 'lod', ref: fields.pill(field).ref }) as const),
    ...labels.map((pill) => ({ shelf: 'text', ref: pill.ref }) as const),
  ]
}

export function labelFormats(shown: boolean): Element[] {
  return shown ? [format('mark-labels-show', 'true'), format('mark-labels-cull', 'true')] : []
}
