import type { Mark } from 'vega'
import type { Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import { pixels, type SheetView } from './sheet-view.ts'

/** The lines that a sheet asks for at a fixed value of a measure, across its axis. */
export function referenceMarks(
  view: SheetView,
  measure: Field,
  across: { readonly scale: 'x' | 'y'; readonly length: number; readonly size: number },
): readonly Mark[] {
  const { theme } = view.spec
  return view.sheet.referenceLines
    .filter((line) => line.field.text === measure.text)
    .flatMap((line): Mark[] => {
      if (typeof line.value !== 'number') throw new Error('a picture shows reference lines of fixed values only')
      const at = { scale: across.scale, value: line.value }
      const stroke = { value: line.color ?? theme.secondaryText }
      const dash = line.dashed ? { strokeDash: { value: [3, 3] } } : {}
      const [along, other] = across.scale === 'x' ? (['x', 'y'] as const) : (['y', 'x'] as const)
      const rule: Mark = {
        type: 'rule',
        encode: {
          enter: { [along]: at, [other]: { value: 0 }, [`${other}2`]: { value: across.length }, stroke, ...dash },
        },
      }
      if (line.label === null || line.label === '') return [rule]
      const label: Mark = {
        type: 'text',
        encode: {
          enter: {
            [along]: { ...at, offset: across.scale === 'x' ? 4 : -4 },
            [other]: { value: across.scale === 'x' ? 10 : across.length - 4 },
            align: { value: across.scale === 'x' ? 'left' : 'right' },
            text: { value: line.label },
            fontSize: { value: pixels(theme.fontSize) - 1 },
            fill: { value: theme.secondaryText },
          },
        },
      }
      return [rule, label]
    })
}
