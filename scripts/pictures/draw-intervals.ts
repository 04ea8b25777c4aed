import { referenceMarks } from './reference-marks.ts'
import { fieldText, headers, labelTexts, markColors, measured, pixels, type SheetView } from './sheet-view.ts'
import { round, shortened, textAt, textWidth } from './svg-text.ts'
import { vegaSvg } from './vega-svg.ts'

/** A point on a thin line between two ends, for each value of the first dimension. */
export async function drawIntervals(view: SheetView): Promise<string> {
  const { sheet, spec } = view
  const [value, from, to] = sheet.values
  const [down] = sheet.rows
  if (value === undefined || from === undefined || to === undefined || down === undefined)
    throw new Error(`\`${sheet.name}\` has no intervals`)
  const size = pixels(spec.theme.fontSize)
  const rows = headers(view, down, view.rows)
  const left = Math.max(...rows.map((row) => textWidth(row.text, size))) + 14
  const bottom = value.axis?.visible === false ? 4 : size * 2
  const [width, height] = [view.width - left - size * 2, view.height - bottom]
  const colorOf = markColors(
    view,
    rows.map((row) => row.rows),
    spec.theme.accent,
  )
  const values = rows.flatMap((row, i) => {
    const [at, low, high] = [value, from, to].map((field) => measured(view, field, row.rows))
    if (at == null || low == null || high == null) return []
    return [{ i, at, low, high, fill: colorOf(row.rows), text: labelTexts(view, row.rows).join('  ') }]
  })
  const domain = [
    value.axis?.minimum ?? Math.min(0, ...values.map((v) => v.low)),
    value.axis?.maximum ?? Math.max(0, ...values.map((v) => v.high)),
  ] as const
  const middle = { scale: 'y', field: 'i', band: 0.5 }
  const svg = await vegaSvg(
    {
      data: [{ name: 'rows', values }],
      scales: [
        { name: 'x', type: 'linear', domain: [...domain], range: [0, width], zero: false },
        { name: 'y', type: 'band', domain: rows.map((_, i) => i), range: [0, height] },
      ],
      marks: [
        ...referenceMarks(view, value, { scale: 'x', length: height, size }),
        {
          type: 'rule',
          from: { data: 'rows' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'low' },
              x2: { scale: 'x', field: 'high' },
              y: middle,
              stroke: { field: 'fill' },
              strokeWidth: { value: 5 },
              strokeOpacity: { value: 0.35 },
            },
          },
        },
        {
          type: 'symbol',
          from: { data: 'rows' },
          encode: {
            enter: { x: { scale: 'x', field: 'at' }, y: middle, size: { value: 110 }, fill: { field: 'fill' } },
          },
        },
        {
          type: 'text',
          from: { data: 'rows' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'at' },
              y: middle,
              dy: { value: -12 },
              align: { value: 'center' },
              fontSize: { value: size },
              fill: { value: spec.theme.text },
              text: { field: 'text' },
            },
          },
        },
      ],
    },
    { width, height },
  )
  const step = height / rows.length
  const names = rows.map((row, i) =>
    textAt(
      shortened(row.text, size, left - 8),
      { x: 0, y: (i + 0.5) * step + size * 0.35 },
      { size, color: spec.theme.text },
    ),
  )
  const look = { size, color: spec.theme.secondaryText, anchor: 'middle' } as const
  const ends = [...new Set([domain[0], 0, domain[1]])].map((at) =>
    textAt(
      fieldText(view, value, at),
      { x: left + ((at - domain[0]) / (domain[1] - domain[0])) * width, y: view.height - 3 },
      look,
    ),
  )
  return `${names.join('')}<g transform="translate(${round(left)},0)">${svg}</g>${bottom > 4 ? ends.join('') : ''}`
}
