import type {
  Dashboard,
  Filter,
  LayoutItem,
  StyledText,
  WorkbookSpec,
} from '../../src/config/exports/workbook/workbook-spec.ts'
import { type PlacedBox, pageOf, placeBoxes } from '../../src/exports/tableau/workbook/zone-tree.ts'
import { drawSheet } from './draw-sheet.ts'
import type { MartTable } from './mart-table.ts'
import { colorHeaders, fieldText, markColors, pixels, type SheetView } from './sheet-view.ts'
import { escapeXml, round, shortened, textAt, textWidth, wrapped } from './svg-text.ts'
import { valueText } from './value-text.ts'
import { visibleRows } from './visible-rows.ts'

export interface PictureSource {
  readonly spec: WorkbookSpec
  /** By name; those that the sheets read. */
  readonly tables: ReadonlyMap<string, MartTable>
  /** The seed of all countries. */
  readonly countries: string
}

/** A dashboard as one SVG: its boxes where Tableau gets them, its sheets drawn from the rows. The same input gives the same text. */
export async function dashboardPicture(dashboard: Dashboard, source: PictureSource): Promise<string> {
  const { theme } = source.spec
  const { width, height } = pageOf(dashboard.size)
  const page = placeBoxes(dashboard.layout, { x: 0, y: 0, width, height }, theme)
  const body = await drawBox(page, dashboard, source)
  const fonts = [...theme.fonts, 'sans-serif'].map((font) => (font.includes(' ') ? `'${font}'` : font)).join(', ')
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeXml(fonts)}">`,
    `<title>${escapeXml(`${dashboard.name}. ${dashboard.description}`)}</title>`,
    `<rect width="${width}" height="${height}" fill="${dashboard.background ?? theme.background}"/>`,
    ...body,
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

async function drawBox(box: PlacedBox, dashboard: Dashboard, source: PictureSource): Promise<readonly string[]> {
  const { item } = box
  const { theme } = source.spec
  const background = item.background ?? (item.kind === 'sheet' ? theme.surface : null)
  const border = item.border ?? (item.kind === 'sheet' ? theme.border : null)
  const outer = inset(box.place, box.margin)
  const frame =
    background === null && border === null
      ? []
      : [
          `<rect x="${round(outer.x)}" y="${round(outer.y)}" width="${round(outer.width)}" height="${round(outer.height)}" rx="${theme.corners}" fill="${background ?? 'none'}"${border === null ? '' : ` stroke="${border}"`}/>`,
        ]
  if (item.kind === 'stack') {
    const children: string[] = []
    for (const child of box.children) children.push(...(await drawBox(child, dashboard, source)))
    return [...frame, ...children]
  }
  const inner = inset(outer, box.padding)
  const content = await drawContent(item, inner, dashboard, source)
  return [...frame, `<g transform="translate(${round(inner.x)},${round(inner.y)})">${content}</g>`]
}

type Room = PlacedBox['place']

function inset(place: Room, by: number): Room {
  return { x: place.x + by, y: place.y + by, width: place.width - 2 * by, height: place.height - 2 * by }
}

async function drawContent(item: LayoutItem, room: Room, dashboard: Dashboard, source: PictureSource): Promise<string> {
  const { theme } = source.spec
  switch (item.kind) {
    case 'sheet': {
      const view = sheetView(item.sheet, room, dashboard, source)
      const size = pixels(theme.titleSize)
      const title = item.showTitle ? textOf(view.sheet.title, view.sheet.name) : null
      if (title === null) return drawSheet(view, source.countries)
      const top = size * 1.9
      const head = textAt(
        shortened(title, size, room.width),
        { x: 0, y: size },
        { size, color: theme.text, bold: true },
      )
      const body = await drawSheet({ ...view, height: room.height - top }, source.countries)
      return `${head}<g transform="translate(0,${round(top)})">${body}</g>`
    }
    case 'text': {
      const size = pixels(item.text.size ?? (item.heading ? theme.headingSize : theme.fontSize + 1))
      const color = item.text.color ?? (item.heading ? theme.text : theme.secondaryText)
      const bold = item.text.bold ?? item.heading
      const lines = wrapped(textOf(item.text, ''), size, room.width)
      return lines.map((line, i) => textAt(line, { x: 0, y: size * (1 + i * 1.35) }, { size, color, bold })).join('')
    }
    case 'filter':
      return filterCard(item, room, dashboard, source)
    case 'legend':
      return legend(sheetView(item.sheet, room, dashboard, source), item.title)
    case 'image':
    case 'blank':
    case 'stack':
      return ''
  }
}

function textOf(text: StyledText | null, otherwise: string): string {
  if (text === null) return otherwise
  return text.parts.map((part) => (typeof part === 'string' ? part : `{${part.text}}`)).join('')
}

function sheetView(name: string, room: Room, dashboard: Dashboard, { spec, tables }: PictureSource): SheetView {
  const sheet = spec.sheets.find((s) => s.name === name)!
  const table = sheet.data === null ? [...tables.values()][0]! : tables.get(sheet.data)!
  const shared: readonly Filter[] = dashboard.filters.filter((filter) => filter.sheets.includes(name))
  const rows = visibleRows(sheet, table, shared)
  if (rows.length === 0) throw new Error(`the sheet \`${name}\` shows no row`)
  return { sheet, spec, table, rows, width: room.width, height: room.height }
}

/** A card with the name of the filter and what is chosen. */
function filterCard(
  item: Extract<LayoutItem, { kind: 'filter' }>,
  room: Room,
  dashboard: Dashboard,
  source: PictureSource,
): string {
  const { theme } = source.spec
  const filter = dashboard.filters[item.filter]!
  const size = pixels(theme.fontSize)
  const view = sheetView(filter.sheets[0]!, room, dashboard, source)
  const chosen = shortened(chosenText(filter, view), size, room.width - 34)
  const title = textAt(item.title ?? filter.name, { x: 0, y: size }, { size, color: theme.secondaryText })
  const top = size * 1.7
  if (item.control === 'slider') {
    const y = top + 24
    const ends = [0, room.width - 12].map(
      (x) => `<circle cx="${round(x + 6)}" cy="${y + 6}" r="6" fill="${theme.surface}" stroke="#c7c7cc"/>`,
    )
    return [
      title,
      textAt(chosen, { x: 0, y: top + size }, { size, color: theme.text }),
      `<path d="M6,${y + 6}H${round(room.width - 6)}" stroke="${theme.accent}" stroke-width="3"/>`,
      ...ends,
    ].join('')
  }
  return [
    title,
    `<rect x="0.5" y="${round(top)}" width="${round(room.width - 1)}" height="28" rx="7" fill="${theme.surface}" stroke="#d2d2d7"/>`,
    textAt(chosen, { x: 10, y: top + 14 + size * 0.36 }, { size, color: theme.text }),
    `<path d="M${round(room.width - 20)},${round(top + 12)}l4,4l4,-4" fill="none" stroke="${theme.secondaryText}" stroke-width="1.5"/>`,
  ].join('')
}

function chosenText(filter: Filter, view: SheetView): string {
  const { rule, field } = filter
  if (rule.kind === 'values') {
    const texts = rule.values.map((value) => fieldText(view, field, value))
    return rule.exclude ? `without ${texts.join(', ')}` : texts.join(', ')
  }
  if (rule.kind !== 'range') return '(All)'
  const end = (value: number | string | null): string =>
    typeof value === 'string' ? valueText(value, { kind: 'date', pattern: 'd MMM yyyy' }) : valueText(value, null)
  return `${end(rule.from)} – ${end(rule.to)}`
}

/** The colours of a sheet and what they stand for, beside each other. */
function legend(view: SheetView, title: string | null): string {
  const { theme } = view.spec
  const size = pixels(theme.fontSize)
  const found = colorHeaders(view)
  const colorOf = markColors(
    view,
    found.map((header) => header.rows),
    theme.accent,
  )
  let x = 0
  const parts = title === null ? [] : [textAt(title, { x, y: size }, { size, color: theme.secondaryText })]
  if (title !== null) x += textWidth(title, size) + 14
  for (const header of found) {
    parts.push(
      `<rect x="${round(x)}" y="${round(size * 0.15)}" width="${round(size * 0.9)}" height="${round(size * 0.9)}" rx="2" fill="${colorOf(header.rows)}"/>`,
      textAt(header.text, { x: x + size * 1.3, y: size }, { size, color: theme.text }),
    )
    x += size * 1.3 + textWidth(header.text, size) + 18
  }
  return parts.join('')
}
