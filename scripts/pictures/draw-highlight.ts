import { dimensionValue } from './dimension-value.ts'
import { fieldText, headers, labelTexts, measured, pixels, type SheetView } from './sheet-view.ts'
import { round, shortened, textAt, textWidth } from './svg-text.ts'
import { measureColor, textOn } from './value-color.ts'
import { vegaSvg } from './vega-svg.ts'

/** A coloured square for each pair of headers, with its value where there is room. */
export async function drawHighlight(view: SheetView): Promise<string> {
  const { sheet, spec } = view
  const { color } = sheet
  const [down] = sheet.rows
  const [across] = sheet.columns
  if (color.kind !== 'field' || down === undefined || across === undefined)
    throw new Error(`\`${sheet.name}\` has no squares`)
  const size = pixels(spec.theme.fontSize)
  const rows = headers(view, down, view.rows)
  const columns = headers(view, across, view.rows)
  const left = Math.min(Math.max(...rows.map((row) => textWidth(row.text, size))) + 14, view.width * 0.34)
  const top = size * 1.8
  const [width, height] = [view.width - left, view.height - top]
  const [cellWidth, cellHeight] = [width / columns.length, height / rows.length]
  const cells = rows.flatMap((row, i) =>
    columns.flatMap((column, j) => {
      const own = row.rows.filter((r) => dimensionValue(across, r) === column.value)
      return own.length === 0 ? [] : [{ i, j, own, value: measured(view, color.field, own) }]
    }),
  )
  const scale = measureColor(
    color,
    cells.map((cell) => cell.value),
    spec,
  )
  const small = Math.min(size, cellHeight * 0.7, (cellWidth / 4) * 1.7)
  const values = cells.map(({ i, j, own, value }) => {
    const fill = scale.of(value)
    const text = value === null ? '' : (labelTexts(view, own)[0] ?? fieldText(view, color.field, value))
    return { i, j, fill, text, ink: textOn(fill, spec) }
  })
  const svg = await vegaSvg(
    {
      data: [{ name: 'cells', values }],
      scales: [
        { name: 'x', type: 'band', domain: columns.map((_, j) => j), range: [0, width] },
        { name: 'y', type: 'band', domain: rows.map((_, i) => i), range: [0, height] },
      ],
      marks: [
        {
          type: 'rect',
          from: { data: 'cells' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'j' },
              y: { scale: 'y', field: 'i' },
              width: { value: cellWidth - 1 },
              height: { value: cellHeight - 1 },
              fill: { field: 'fill' },
            },
          },
        },
        ...(small < 7
          ? []
          : [
              {
                type: 'text' as const,
                from: { data: 'cells' },
                encode: {
                  enter: {
                    x: { scale: 'x', field: 'j', band: 0.5 },
                    y: { scale: 'y', field: 'i', band: 0.5 },
                    align: { value: 'center' as const },
                    baseline: { value: 'middle' as const },
                    fontSize: { value: round(small) },
                    fill: { field: 'ink' },
                    text: { field: 'text' },
                  },
                },
              },
            ]),
      ],
    },
    { width, height },
  )
  const look = { size, color: spec.theme.secondaryText }
  const names = [
    ...rows.map((row, i) =>
      textAt(
        shortened(row.text, size, left - 8),
        { x: 0, y: top + (i + 0.5) * cellHeight + size * 0.35 },
        { size: Math.min(size, cellHeight * 0.9), color: spec.theme.text },
      ),
    ),
    ...columns.map((column, j) =>
      textAt(
        shortened(column.text, size, cellWidth + 4),
        { x: left + (j + 0.5) * cellWidth, y: size },
        { ...look, anchor: 'middle' },
      ),
    ),
  ]
  return `<g transform="translate(${round(left)},${round(top)})">${svg}</g>${names.join('')}`
}
