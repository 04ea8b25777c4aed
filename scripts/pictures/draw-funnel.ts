import { fieldText, headers, labelTexts, markColors, measured, pixels, type SheetView } from './sheet-view.ts'
import { round, textAt, textWidth } from './svg-text.ts'
import { vegaSvg } from './vega-svg.ts'

/** A bar for each step, as wide as its value, the largest first unless the sheet sorts the steps. */
export async function drawFunnel(view: SheetView): Promise<string> {
  const { sheet, spec } = view
  const [stepField] = sheet.rows
  const [value] = sheet.values
  if (stepField === undefined || value === undefined) throw new Error(`\`${sheet.name}\` has no steps`)
  const size = pixels(spec.theme.fontSize)
  const widthOf = (rows: Parameters<typeof measured>[2]): number => measured(view, value, rows) ?? 0
  const found = headers(view, stepField, view.rows)
  const steps = sheet.sorts.length > 0 ? found : [...found].sort((a, b) => widthOf(b.rows) - widthOf(a.rows))
  const left = Math.max(...steps.map((step) => textWidth(step.text, size))) + 16
  const width = view.width - left
  const colorOf = markColors(
    view,
    steps.map((step) => step.rows),
    spec.theme.accent,
  )
  const most = Math.max(...steps.map((step) => widthOf(step.rows)))
  const values = steps.map((step, i) => {
    const labels =
      sheet.labels.length === 0 ? [fieldText(view, value, widthOf(step.rows))] : labelTexts(view, step.rows)
    const share = widthOf(step.rows) / most
    const from = sheet.funnelShape === 'centered' ? (1 - share) / 2 : 0
    return { i, from, to: from + share, fill: colorOf(step.rows), text: labels.join('  ·  ') }
  })
  const svg = await vegaSvg(
    {
      data: [{ name: 'steps', values }],
      scales: [
        { name: 'x', type: 'linear', domain: [0, 1], range: [0, width] },
        {
          name: 'y',
          type: 'band',
          domain: steps.map((_, i) => i),
          range: [0, view.height],
          paddingInner: 0.2,
          paddingOuter: 0.1,
        },
      ],
      marks: [
        {
          type: 'rect',
          from: { data: 'steps' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'from' },
              x2: { scale: 'x', field: 'to' },
              y: { scale: 'y', field: 'i' },
              height: { scale: 'y', band: 1 },
              fill: { field: 'fill' },
            },
          },
        },
      ],
    },
    { width, height: view.height },
  )
  const row = view.height / steps.length
  const texts = values.map(({ i, from, to, text }) => {
    const y = (i + 0.5) * row + size * 0.35
    const inside = textWidth(text, size) < (to - from) * width - 8
    const x = left + (inside ? ((from + to) / 2) * width : to * width + 6)
    const look = { size, color: inside ? '#ffffff' : spec.theme.text, anchor: inside ? 'middle' : 'start' } as const
    return textAt(steps[i]!.text, { x: 0, y }, { size, color: spec.theme.text }) + textAt(text, { x, y }, look)
  })
  return `<g transform="translate(${round(left)},0)">${svg}</g>${texts.join('')}`
}
