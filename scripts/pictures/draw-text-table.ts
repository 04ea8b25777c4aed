import type { Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import type { Row } from './mart-table.ts'
import { fieldText, fieldTitle, headers, measured, pixels, type SheetView } from './sheet-view.ts'
import { round, shortened, textAt, textWidth } from './svg-text.ts'

interface Line {
  readonly texts: readonly string[]
  readonly rows: readonly Row[]
}

/** Measures under their names, a line for each combination of the dimensions. */
export function drawTextTable(view: SheetView): string {
  const { sheet, spec } = view
  const { theme } = spec
  if (sheet.columns.length > 0) throw new Error(`\`${sheet.name}\`: a picture shows no dimensions above a table`)
  const size = pixels(theme.fontSize)
  const lines = linesOf(view, sheet.rows, view.rows)
  if (sheet.totals.rows) lines.push({ texts: sheet.rows.map((_, i) => (i === 0 ? 'Total' : '')), rows: view.rows })
  const titles = sheet.values.map((field) => fieldTitle(view, field))
  const cells = lines.map((line) =>
    sheet.values.map((field) => fieldText(view, field, measured(view, field, line.rows))),
  )
  const heads = sheet.rows.map(
    (field, level) =>
      Math.max(textWidth(fieldTitle(view, field), size), ...lines.map((line) => textWidth(line.texts[level]!, size))) +
      16,
  )
  const most = view.width * 0.6
  const left = Math.min(
    most,
    heads.reduce((a, b) => a + b, 0),
  )
  const squeeze = left / heads.reduce((a, b) => a + b, 0)
  const column = (view.width - left) / titles.length
  const top = size * 2.2
  const step = Math.min((view.height - top) / lines.length, size * 2.8)
  const starts = heads.map((_, level) => heads.slice(0, level).reduce((a, b) => a + b, 0) * squeeze)
  const out = [
    ...sheet.rows.map((field, level) =>
      textAt(fieldTitle(view, field), { x: starts[level]!, y: size }, { size, color: theme.secondaryText }),
    ),
    ...titles.map((title, i) =>
      textAt(
        shortened(title, size, column),
        { x: left + (i + 1) * column, y: size },
        { size, color: theme.secondaryText, anchor: 'end' },
      ),
    ),
  ]
  for (const [i, line] of lines.entries()) {
    const y = top + (i + 0.5) * step + size * 0.35
    out.push(`<path d="M0,${round(top + i * step)}H${round(view.width)}" stroke="${theme.grid}"/>`)
    const bold = sheet.totals.rows && i === lines.length - 1
    for (const [level, text] of line.texts.entries()) {
      const before = lines[i - 1]
      if (
        level < line.texts.length - 1 &&
        before?.texts.slice(0, level + 1).join('\n') === line.texts.slice(0, level + 1).join('\n')
      )
        continue
      out.push(
        textAt(
          shortened(text, size, heads[level]! * squeeze - 8),
          { x: starts[level]!, y },
          { size, color: theme.text, bold },
        ),
      )
    }
    for (const [j, text] of cells[i]!.entries())
      out.push(textAt(text, { x: left + (j + 1) * column, y }, { size, color: theme.text, bold, anchor: 'end' }))
  }
  return out.join('')
}

function linesOf(view: SheetView, fields: readonly Field[], rows: readonly Row[]): Line[] {
  const [first, ...rest] = fields
  if (first === undefined) return [{ texts: [], rows }]
  return headers(view, first, rows).flatMap((header) =>
    linesOf(view, rest, header.rows).map((line) => ({ texts: [header.text, ...line.texts], rows: line.rows })),
  )
}
