import { fieldText, fieldTitle, measured, pixels, type SheetView } from './sheet-view.ts'
import { textAt, textWidth } from './svg-text.ts'
import { shelfColor } from './value-color.ts'

/** One number large under its name, the others below it. */
export function drawKpi(view: SheetView): string {
  const { sheet, spec } = view
  const { theme } = spec
  const small = pixels(theme.fontSize + 1)
  const large = pixels(theme.kpiSize)
  const [first, ...others] = sheet.values
  if (first === undefined) return ''
  const height = small * 1.4 + large * 1.25 + others.length * small * 1.5
  let y = Math.max(0, (view.height - height) / 2) + small
  const color = sheet.color.kind === 'fixed' ? shelfColor(sheet.color, 0, spec) : theme.text
  const name = textAt(fieldTitle(view, first), { x: 0, y }, { size: small, color: theme.secondaryText })
  y += large * 1.1
  const value = textAt(
    fieldText(view, first, measured(view, first, view.rows)),
    { x: 0, y },
    { size: large, color, bold: true },
  )
  const below = others.map((field) => {
    y += small * 1.6
    const title = fieldTitle(view, field)
    return (
      textAt(title, { x: 0, y }, { size: small, color: theme.secondaryText }) +
      textAt(
        fieldText(view, field, measured(view, field, view.rows)),
        { x: textWidth(title, small) + small * 0.7, y },
        { size: small, color: theme.text },
      )
    )
  })
  return [name, value, ...below].join('')
}
