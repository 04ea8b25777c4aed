import { isMeasure } from '../../src/config/exports/workbook/read-field.ts'
import { dimensionValue } from './dimension-value.ts'
import { fieldText, fieldTitle, labelTexts, markColors, measured, pixels, type SheetView } from './sheet-view.ts'
import { round, textAt } from './svg-text.ts'
import { vegaSvg } from './vega-svg.ts'
import { groupRows } from './visible-rows.ts'

/** A point for each combination of the sheet's dimensions. */
export async function drawScatter(view: SheetView): Promise<string> {
  const { sheet, spec } = view
  const across = sheet.columns.find(isMeasure)
  const up = sheet.rows.find(isMeasure)
  if (across === undefined || up === undefined) throw new Error(`\`${sheet.name}\` has no measures on its axes`)
  const color = sheet.color.kind === 'field' ? [sheet.color.field] : []
  const dimensions = [...sheet.detail, ...sheet.labels, ...color].filter((field) => !isMeasure(field))
  const marks = [
    ...groupRows(view.rows, (row) => JSON.stringify(dimensions.map((field) => dimensionValue(field, row)))).values(),
  ]
  const colorOf = markColors(view, marks, spec.theme.accent)
  const size = pixels(spec.theme.fontSize)
  const [left, bottom] = [size * 4, size * 2.4]
  const [width, height] = [view.width - left, view.height - bottom]
  const values = marks.flatMap((rows) => {
    const [x, y] = [measured(view, across, rows), measured(view, up, rows)]
    const area = sheet.size === null ? 1 : (measured(view, sheet.size, rows) ?? 0)
    return x === null || y === null ? [] : [{ x, y, area, fill: colorOf(rows), text: labelTexts(view, rows).join(' ') }]
  })
  const most = { x: Math.max(...values.map((v) => v.x)), y: Math.max(...values.map((v) => v.y)) }
  const largest = Math.max(...values.map((v) => v.area))
  const place = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } }
  const svg = await vegaSvg(
    {
      data: [
        {
          name: 'marks',
          values: values.map((v) => ({ ...v, area: sheet.size === null ? 70 : (v.area / largest) * 500 + 20 })),
        },
      ],
      scales: [
        { name: 'x', type: 'linear', domain: [0, most.x * 1.05], range: [0, width] },
        { name: 'y', type: 'linear', domain: [0, most.y * 1.05], range: [height, 0] },
      ],
      marks: [
        {
          type: 'symbol',
          from: { data: 'marks' },
          encode: {
            enter: { ...place, size: { field: 'area' }, fill: { field: 'fill' }, fillOpacity: { value: 0.8 } },
          },
        },
        {
          type: 'text',
          from: { data: 'marks' },
          encode: {
            enter: {
              ...place,
              dx: { value: 8 },
              baseline: { value: 'middle' },
              fontSize: { value: size - 1 },
              fill: { value: spec.theme.secondaryText },
              text: { field: 'text' },
            },
          },
        },
      ],
    },
    { width, height },
  )
  const look = { size, color: spec.theme.secondaryText }
  return [
    `<path d="M${left},0V${round(height)}H${round(view.width)}" fill="none" stroke="${spec.theme.grid}"/>`,
    `<g transform="translate(${left},0)">${svg}</g>`,
    textAt(fieldTitle(view, across), { x: left + width / 2, y: view.height - 3 }, { ...look, anchor: 'middle' }),
    textAt(fieldText(view, across, most.x), { x: view.width, y: view.height - 3 }, { ...look, anchor: 'end' }),
    textAt(fieldText(view, up, most.y), { x: left - 6, y: size }, { ...look, anchor: 'end' }),
    textAt(fieldTitle(view, up), { x: left + 6, y: size }, look),
  ].join('')
}
