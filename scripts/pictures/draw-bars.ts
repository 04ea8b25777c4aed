import type { Mark } from 'vega'
import { isMeasure } from '../../src/config/exports/workbook/read-field.ts'
import type { Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import { dimensionValue } from './dimension-value.ts'
import type { Row } from './mart-table.ts'
import { referenceMarks } from './reference-marks.ts'
import {
  colorHeaders,
  fieldText,
  fieldTitle,
  headers,
  labelTexts,
  markColors,
  measured,
  pixels,
  type SheetView,
} from './sheet-view.ts'
import { round, shortened, textAt, textWidth } from './svg-text.ts'
import { shelfColor, textOn } from './value-color.ts'
import { vegaSvg } from './vega-svg.ts'

/** A row of a lying chart: its headers from the widest to the narrowest, and its rows. */
interface Leaf {
  readonly texts: readonly string[]
  readonly rows: readonly Row[]
}

/** Bars that lie when a dimension is on `rows`, and stand otherwise. */
export async function drawBars(view: SheetView): Promise<string> {
  const { sheet } = view
  const lying = sheet.columns.some(isMeasure)
  const dimensions = (lying ? sheet.rows : sheet.columns).filter((field) => !isMeasure(field))
  const measures = (lying ? sheet.columns : sheet.rows).filter(isMeasure)
  if (lying && !sheet.columns.every(isMeasure)) throw new Error(`\`${sheet.name}\`: a picture shows no panes of bars`)
  const leaves = leavesOf(view, dimensions, view.rows)
  return lying ? lyingBars(view, leaves, measures) : standingBars(view, leaves, measures)
}

function leavesOf(view: SheetView, dimensions: readonly Field[], rows: readonly Row[]): readonly Leaf[] {
  const [first, ...rest] = dimensions
  if (first === undefined) return [{ texts: [], rows }]
  return headers(view, first, rows).flatMap((header) =>
    leavesOf(view, rest, header.rows).map((leaf) => ({ texts: [header.text, ...leaf.texts], rows: leaf.rows })),
  )
}

/** A piece of a bar. */
interface Piece {
  readonly leaf: number
  readonly from: number
  readonly to: number
  readonly fill: string
  readonly label: readonly string[]
}

function piecesOf(view: SheetView, leaves: readonly Leaf[], measure: Field, at: number): readonly Piece[] {
  const { sheet, spec } = view
  const parts = colorHeaders(view)
  const color = sheet.color.kind === 'field' ? sheet.color.field : null
  const split = (rows: readonly Row[]): readonly (readonly Row[])[] =>
    color === null || parts.length === 0
      ? [rows]
      : parts.flatMap(({ value }) => {
          const own = rows.filter((row) => dimensionValue(color, row) === value)
          return own.length === 0 ? [] : [own]
        })
  const colorOf = markColors(
    view,
    leaves.flatMap((leaf) => split(leaf.rows)),
    shelfColor(sheet.color, at, spec),
  )
  return leaves.flatMap((leaf, i) => {
    const marks = split(leaf.rows)
    const values = marks.map((rows) => measured(view, measure, rows) ?? 0)
    const whole = sheet.stack === 'percent' ? values.reduce((a, b) => a + b, 0) || 1 : 1
    let from = 0
    return marks.map((rows, j) => {
      const to = (sheet.stack === 'none' ? 0 : from) + values[j]! / whole
      const piece = {
        leaf: i,
        from: sheet.stack === 'none' ? 0 : from,
        to,
        fill: colorOf(rows),
        label: labelTexts(view, rows),
      }
      from = to
      return piece
    })
  })
}

async function lyingBars(view: SheetView, leaves: readonly Leaf[], measures: readonly Field[]): Promise<string> {
  const { spec, sheet } = view
  const size = pixels(spec.theme.fontSize)
  const axis = measures.some((field) => field.axis?.visible !== false)
  const top = measures.length > 1 ? size * 2 : 2
  const height = view.height - top - (axis ? size * 2 : 2)
  const step = height / leaves.length
  const levels = leaves[0]?.texts.length ?? 0
  const widths = Array.from({ length: levels }, (_, level) =>
    Math.min(Math.max(...leaves.map((leaf) => textWidth(leaf.texts[level]!, size))) + 14, view.width * 0.42),
  )
  const left = widths.reduce((a, b) => a + b, 0)
  const header = leaves.flatMap((leaf, i) =>
    leaf.texts.flatMap((text, level) => {
      const before = leaves[i - 1]
      const repeated =
        level < levels - 1 && before?.texts.slice(0, level + 1).join('\n') === leaf.texts.slice(0, level + 1).join('\n')
      if (repeated) return []
      const x = widths.slice(0, level).reduce((a, b) => a + b, 0)
      const same = leaves.slice(i).findIndex((other) => other.texts[level] !== text)
      const span = level === levels - 1 ? 1 : same < 0 ? leaves.length - i : same
      const y = top + (i + span / 2) * step + size * 0.35
      const color = level === levels - 1 && levels > 1 ? spec.theme.secondaryText : spec.theme.text
      return textAt(shortened(text, size, widths[level]! - 10), { x, y }, { size, color })
    }),
  )
  const lines =
    levels > 1
      ? leaves.flatMap((leaf, i) =>
          i === 0 || leaves[i - 1]!.texts[0] === leaf.texts[0]
            ? []
            : [`<path d="M0,${round(top + i * step)}H${round(view.width)}" stroke="${spec.theme.grid}"/>`],
        )
      : []
  const width = (view.width - left) / measures.length
  const panes = await Promise.all(
    measures.map(async (measure, at) => {
      const pieces = piecesOf(view, leaves, measure, at)
      const labels = pieces.flatMap((piece) => piece.label)
      const inside = parts(pieces, leaves.length)
      const room = inside || labels.length === 0 ? 6 : Math.max(...labels.map((label) => textWidth(label, size))) + 12
      const most = measure.axis?.maximum ?? Math.max(0, ...pieces.map((piece) => piece.to))
      const least = measure.axis?.minimum ?? Math.min(0, ...pieces.map((piece) => piece.to))
      const svg = await vegaSvg(
        {
          data: [
            {
              name: 'pieces',
              values: pieces.map((piece) => ({
                ...piece,
                text: piece.label.join('  '),
                ink: inside ? textOn(piece.fill, spec) : spec.theme.text,
              })),
            },
          ],
          scales: [
            { name: 'x', type: 'linear', domain: [least, most], range: [0, Math.max(20, width - room)], zero: true },
            {
              name: 'y',
              type: 'band',
              domain: leaves.map((_, i) => i),
              range: [0, height],
              paddingInner: 0.36,
              paddingOuter: 0.18,
            },
          ],
          marks: [
            {
              type: 'rect',
              from: { data: 'pieces' },
              encode: {
                enter: {
                  x: { scale: 'x', field: 'from' },
                  x2: { scale: 'x', field: 'to' },
                  y: { scale: 'y', field: 'leaf' },
                  height: { scale: 'y', band: 1 },
                  fill: { field: 'fill' },
                },
              },
            },
            ...(labels.length === 0 ? [] : [lyingLabels(size, inside)]),
            ...referenceMarks(view, measure, { scale: 'x', length: height, size }),
          ],
        },
        { width, height },
      )
      const x = left + at * width
      const title = fieldTitle(view, measure)
      const above = measures.length > 1 ? textAt(title, { x, y: size }, { size, color: spec.theme.secondaryText }) : ''
      const below =
        axis && measures.length === 1 && title !== ''
          ? axisNumbers(view, measure, { least, most, x, width: width - room })
          : ''
      return `${above}<g transform="translate(${round(x)},${round(top)})">${svg}</g>${below}`
    }),
  )
  return [...lines, ...header, ...panes, sheet.stack === 'percent' ? '' : ''].join('')
}

/** Whether bars are made of several pieces, so that labels stand in them. */
const parts = (pieces: readonly Piece[], leaves: number): boolean => pieces.length > leaves

function lyingLabels(size: number, inside: boolean): Mark {
  return {
    type: 'text',
    from: { data: 'pieces' },
    encode: {
      enter: {
        x: inside
          ? { signal: "(scale('x', datum.from) + scale('x', datum.to)) / 2" }
          : { scale: 'x', field: 'to', offset: 6 },
        y: { scale: 'y', field: 'leaf', band: 0.5 },
        align: { value: inside ? 'center' : 'left' },
        baseline: { value: 'middle' },
        fontSize: { value: size },
        fill: { field: 'ink' },
        text: { field: 'text' },
      },
    },
  }
}

function axisNumbers(
  view: SheetView,
  measure: Field,
  at: { readonly least: number; readonly most: number; readonly x: number; readonly width: number },
): string {
  const { theme } = view.spec
  const look = { size: pixels(theme.fontSize), color: theme.secondaryText }
  const y = view.height - 2
  return (
    textAt(fieldText(view, measure, at.least), { x: at.x, y }, look) +
    textAt(fieldText(view, measure, at.most), { x: at.x + at.width, y }, { ...look, anchor: 'end' })
  )
}

async function standingBars(view: SheetView, leaves: readonly Leaf[], measures: readonly Field[]): Promise<string> {
  const { spec } = view
  const size = pixels(spec.theme.fontSize)
  const [measure] = measures
  if (measure === undefined) return ''
  const pieces = piecesOf(view, leaves, measure, 0)
  const most = measure.axis?.maximum ?? Math.max(0, ...pieces.map((piece) => piece.to))
  const visible = measure.axis?.visible !== false
  const left = visible ? textWidth(fieldText(view, measure, most), size) + 12 : 0
  const [width, height] = [view.width - left, view.height - size * 2]
  const step = width / leaves.length
  const top = view.sheet.labels.length > 0 ? size * 1.6 : 4
  const svg = await vegaSvg(
    {
      data: [{ name: 'pieces', values: pieces.map((piece) => ({ ...piece, text: piece.label.join('  ') })) }],
      scales: [
        {
          name: 'x',
          type: 'band',
          domain: leaves.map((_, i) => i),
          range: [0, width],
          paddingInner: 0.36,
          paddingOuter: 0.18,
        },
        { name: 'y', type: 'linear', domain: [0, most], range: [height, top], zero: true },
      ],
      marks: [
        {
          type: 'rect',
          from: { data: 'pieces' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'leaf' },
              width: { scale: 'x', band: 1 },
              y: { scale: 'y', field: 'from' },
              y2: { scale: 'y', field: 'to' },
              fill: { field: 'fill' },
            },
          },
        },
        {
          type: 'text',
          from: { data: 'pieces' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'leaf', band: 0.5 },
              y: { scale: 'y', field: 'to', offset: -5 },
              align: { value: 'center' },
              fontSize: { value: size },
              fill: { value: spec.theme.text },
              text: { field: 'text' },
            },
          },
        },
        ...referenceMarks(view, measure, { scale: 'y', length: width, size }),
      ],
    },
    { width, height },
  )
  const every = Math.ceil(leaves.length / Math.max(1, Math.floor(width / 60)))
  const names = leaves.map((leaf, i) =>
    i % every > 0
      ? ''
      : textAt(
          shortened(leaf.texts.join(' '), size, step * every),
          { x: left + (i + 0.5) * step, y: view.height - 3 },
          { size, color: spec.theme.secondaryText, anchor: 'middle' },
        ),
  )
  return `<g transform="translate(${round(left)},0)">${svg}</g>${names.join('')}`
}
