import type { Mark } from 'vega'
import { isMeasure } from '../../src/config/exports/workbook/read-field.ts'
import type { Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import type { Row } from './mart-table.ts'
import { referenceMarks } from './reference-marks.ts'
import {
  colorHeaders,
  fieldText,
  fieldTitle,
  headers,
  markColors,
  measured,
  pixels,
  type SheetView,
} from './sheet-view.ts'
import { round, textAt, textWidth } from './svg-text.ts'
import { shelfColor } from './value-color.ts'
import { vegaSvg } from './vega-svg.ts'

interface Point {
  readonly x: number
  readonly y: number
  readonly base: number
  readonly series: number
  readonly stroke: string
}

/** Measures along a date or a number, one above the other; `area` fills them. */
export async function drawLines(view: SheetView): Promise<string> {
  const { sheet, spec } = view
  const along = sheet.columns.find((field) => !isMeasure(field))
  const measures = sheet.rows.filter(isMeasure)
  if (along === undefined || measures.length === 0) throw new Error(`\`${sheet.name}\` has no axis from left to right`)
  const size = pixels(spec.theme.fontSize)
  const bottom = size * 1.9
  const gap = size * 1.4
  const height = (view.height - bottom - gap * (measures.length - 1)) / measures.length
  const axis = ticksOf(view, along)
  const panes = measures.map((measure, at) => ({ measure, points: pointsOf(view, along, measure, at) }))
  const left =
    Math.max(
      ...panes.flatMap(({ measure, points }) =>
        measure.axis?.visible === false
          ? [0]
          : niceTicks(measure, points).map((tick) => textWidth(fieldText(view, measure, tick), size)),
      ),
    ) + 10
  const width = view.width - left - 8
  const drawn = await Promise.all(
    panes.map(async ({ measure, points }, at) => {
      const svg = await pane(view, { measure, points, width, height, domain: axis.domain, size })
      const y = at * (height + gap)
      return `<g transform="translate(${round(left)},${round(y)})">${svg}</g>${axisTexts(view, { measure, points, left, y, height, size, color: points[0]?.stroke ?? spec.theme.text, titled: measures.length > 1 })}`
    }),
  )
  const scale = (value: number): number =>
    left + ((value - axis.domain[0]) / (axis.domain[1] - axis.domain[0] || 1)) * width
  const names = axis.ticks.map(({ at, text }) => {
    const half = textWidth(text, size) / 2
    const x = Math.min(Math.max(scale(at), left + half - 6), view.width - half)
    return textAt(text, { x, y: view.height - 3 }, { size, color: spec.theme.secondaryText, anchor: 'middle' })
  })
  return [...drawn, ...names].join('')
}

const position = (value: unknown): number =>
  typeof value === 'number' ? value : Date.parse(`${String(value).slice(0, 10)}T00:00:00Z`)

function pointsOf(view: SheetView, along: Field, measure: Field, at: number): readonly Point[] {
  const { sheet, spec } = view
  const color = sheet.color.kind === 'field' && !isMeasure(sheet.color.field) ? sheet.color.field : null
  const parts = colorHeaders(view)
  const series: readonly (readonly Row[])[] =
    color === null || parts.length === 0 ? [view.rows] : parts.map((part) => part.rows)
  const strokeOf = markColors(view, series, shelfColor(sheet.color, at, spec))
  const heights = new Map<number, number>()
  const stacked = sheet.kind === 'area' && sheet.stack !== 'none'
  return series.flatMap((rows, i) =>
    headers(view, along, rows).flatMap((header) => {
      const value = measured(view, measure, header.rows)
      if (value === null) return []
      const x = position(header.value)
      const base = stacked ? (heights.get(x) ?? 0) : 0
      heights.set(x, base + value)
      return [{ x, y: base + value, base, series: i, stroke: strokeOf(rows) }]
    }),
  )
}

function ticksOf(
  view: SheetView,
  along: Field,
): {
  readonly domain: readonly [number, number]
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
} {
  const values = headers(view, along, view.rows).map(({ value }) => value)
  const places = values.map(position)
  const domain = [Math.min(...places), Math.max(...places)] as const
  const sample = textWidth(fieldText(view, along, values[0] ?? null), pixels(view.spec.theme.fontSize))
  const wanted = Math.max(2, Math.floor(view.width / (sample + 36)))
  if (typeof values[0] === 'number') {
    const every = [1, 2, 5, 10, 20, 50].find((n) => places.length / n <= wanted) ?? 100
    const round = places.filter((at) => every === 1 || at % every === 0)
    return { domain, ticks: round.map((at) => ({ at, text: fieldText(view, along, at) })) }
  }
  const months = monthsBetween(domain)
  const every = [1, 2, 3, 4, 6, 12].find((n) => months.length / n <= wanted) ?? 12
  const ticks = months.filter((_, i) => i % every === 0)
  return {
    domain,
    ticks: ticks.map((at) => ({ at, text: fieldText(view, along, new Date(at).toISOString().slice(0, 10)) })),
  }
}

function monthsBetween([from, to]: readonly [number, number]): readonly number[] {
  const months: number[] = []
  const start = new Date(from)
  for (let at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1), i = 1; at <= to; i++) {
    if (at >= from) months.push(at)
    at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i, 1)
  }
  return months
}

/** Round numbers over the values of a measure. */
function niceTicks(measure: Field, points: readonly Point[]): readonly number[] {
  const least =
    measure.axis?.minimum ?? Math.min(measure.axis?.includeZero === false ? Infinity : 0, ...points.map((p) => p.y))
  const most = measure.axis?.maximum ?? Math.max(...points.map((p) => p.y))
  const raw = (most - least) / 3 || 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw
  const first = Math.floor(least / step)
  const count = Math.ceil(most / step) - first
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

function pane(
  view: SheetView,
  part: {
    readonly measure: Field
    readonly points: readonly Point[]
    readonly width: number
    readonly height: number
    readonly domain: readonly [number, number]
    readonly size: number
  },
): Promise<string> {
  const { sheet, spec } = view
  const { measure, points, width, height, domain, size } = part
  const ticks = niceTicks(measure, points)
  const grid = measure.axis?.grid !== false
  const facet = (mark: Mark): Mark => ({
    type: 'group',
    from: { facet: { name: 'series', data: 'points', groupby: 'series' } },
    marks: [mark],
  })
  const place = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } }
  const filled = sheet.kind === 'area'
  const curve: Mark = filled
    ? {
        type: 'area',
        from: { data: 'series' },
        encode: {
          enter: {
            ...place,
            y2: { scale: 'y', field: 'base' },
            fill: { field: 'stroke' },
            fillOpacity: { value: 0.8 },
          },
        },
      }
    : {
        type: 'line',
        from: { data: 'series' },
        encode: { enter: { ...place, stroke: { field: 'stroke' }, strokeWidth: { value: 2 } } },
      }
  const rules: readonly Mark[] = grid
    ? ticks.map((tick) => ({
        type: 'rule',
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: width },
            y: { scale: 'y', value: tick },
            stroke: { value: spec.theme.grid },
          },
        },
      }))
    : []
  return vegaSvg(
    {
      data: [{ name: 'points', values: [...points] }],
      scales: [
        { name: 'x', type: 'linear', domain: [...domain], range: [0, width], zero: false },
        { name: 'y', type: 'linear', domain: [ticks[0]!, ticks.at(-1)!], range: [height, 4], zero: false },
      ],
      marks: [
        ...rules,
        facet(curve),
        ...(sheet.markers
          ? [
              facet({
                type: 'symbol',
                from: { data: 'series' },
                encode: { enter: { ...place, fill: { field: 'stroke' }, size: { value: 36 } } },
              }),
            ]
          : []),
        ...referenceMarks(view, measure, { scale: 'y', length: width, size }),
      ],
    },
    { width, height },
  )
}

/** Numbers beside the lines of an axis, and the measure's name in its colour where there are several. */
function axisTexts(
  view: SheetView,
  at: {
    readonly measure: Field
    readonly points: readonly Point[]
    readonly left: number
    readonly y: number
    readonly height: number
    readonly size: number
    readonly color: string
    readonly titled: boolean
  },
): string {
  const { measure, points, left, y, height, size, color } = at
  const ticks = niceTicks(measure, points)
  const [least, most] = [ticks[0]!, ticks.at(-1)!]
  const numbers =
    measure.axis?.visible === false
      ? []
      : ticks.map((tick) =>
          textAt(
            fieldText(view, measure, tick),
            { x: left - 8, y: y + height - ((tick - least) / (most - least)) * (height - 4) + size * 0.35 },
            { size, color: view.spec.theme.secondaryText, anchor: 'end' },
          ),
        )
  const title = at.titled
    ? [textAt(fieldTitle(view, measure), { x: left + 4, y: y + size * 0.6 }, { size, color, bold: true })]
    : []
  return [...numbers, ...title].join('')
}
