import type { DashboardSize, LayoutItem, Theme } from '../../../config/exports/workbook/workbook-spec.ts'

/** Pixels. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A box with its place on the page. */
export interface PlacedBox {
  readonly item: LayoutItem
  readonly place: Rectangle
  /** Pixels along the stack it is in; null: its share of the rest. */
  readonly fixed: number | null
  readonly margin: number
  readonly padding: number
  readonly children: readonly PlacedBox[]
}

/** The size that a dashboard is laid out for. */
export function pageOf(size: DashboardSize): { readonly width: number; readonly height: number } {
  if (size.kind === 'fixed') return size
  return size.kind === 'automatic' ? { width: 1200, height: 800 } : { width: size.minWidth, height: size.minHeight }
}

/** Lays boxes out: fixed ones get their pixels, the others share the rest by weight. Children lie within their parents. */
export function placeBoxes(item: LayoutItem, place: Rectangle, theme: Theme, fixed: number | null = null): PlacedBox {
  const margin = item.margin ?? (item.kind === 'stack' ? 0 : theme.gap)
  const padding = item.padding ?? (item.kind === 'sheet' ? theme.padding : 0)
  const children = item.kind === 'stack' ? stacked(item, within(place, margin + padding), theme) : []
  return { item, place, fixed, margin, padding, children }
}

function within(place: Rectangle, inset: number): Rectangle {
  const by = Math.min(inset, place.width / 2, place.height / 2)
  return { x: place.x + by, y: place.y + by, width: place.width - 2 * by, height: place.height - 2 * by }
}

function stacked(item: Extract<LayoutItem, { kind: 'stack' }>, place: Rectangle, theme: Theme): readonly PlacedBox[] {
  const down = item.direction === 'rows'
  const whole = down ? place.height : place.width
  const wanted = item.items.reduce((sum, child) => sum + (child.fixed ?? 0), 0)
  // Fixed boxes that do not fit shrink together.
  const shrink = wanted > whole ? whole / wanted : 1
  const weights = item.items.reduce((sum, child) => sum + (child.fixed === null ? child.weight : 0), 0)
  const rest = Math.max(0, whole - wanted * shrink)
  let at = 0
  return item.items.map((child) => {
    const length = child.fixed === null ? (rest * child.weight) / weights : child.fixed * shrink
    const part = down
      ? { x: place.x, y: place.y + at, width: place.width, height: length }
      : { x: place.x + at, y: place.y, width: length, height: place.height }
    at += length
    return placeBoxes(child, part, theme, child.fixed)
  })
}

/** A rectangle in the units of dashboards, 100,000 to a side. Edges are rounded, so neighbours touch and none juts out. */
export function zoneUnits(
  place: Rectangle,
  page: { readonly width: number; readonly height: number },
): { readonly x: string; readonly y: string; readonly w: string; readonly h: string } {
  const edge = (value: number, whole: number): number =>
    Math.min(100_000, Math.max(0, Math.round((value / whole) * 100_000)))
  const [left, right] = [edge(place.x, page.width), edge(place.x + place.width, page.width)]
  const [top, bottom] = [edge(place.y, page.height), edge(place.y + place.height, page.height)]
  return { x: String(left), y: String(top), w: String(right - left), h: String(bottom - top) }
}
