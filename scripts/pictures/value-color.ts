import { PALETTES } from '../../src/config/exports/workbook/palettes.ts'
import type { Color, ColorUse, Palette, WorkbookSpec } from '../../src/config/exports/workbook/workbook-spec.ts'
import type { Cell } from './mart-table.ts'

export type FieldColor = Extract<ColorUse, { kind: 'field' }>

function paletteNamed(name: string, spec: WorkbookSpec): Palette {
  return [...spec.palettes, ...PALETTES].find((palette) => palette.name === name)!
}

/** A colour for each number between the least and the greatest, or around the palette's middle. */
export function measureColor(
  use: FieldColor,
  values: readonly (number | null)[],
  spec: WorkbookSpec,
): { readonly least: number; readonly most: number; of(value: number | null): Color } {
  const numbers = values.filter((value) => value !== null)
  const least = use.minimum ?? Math.min(...numbers)
  const most = use.maximum ?? Math.max(...numbers)
  const otherwise = use.center === null ? spec.theme.sequential : spec.theme.diverging
  const listed = typeof use.palette === 'object' && use.palette !== null ? use.palette : null
  const colors = listed ?? paletteNamed((use.palette as string | null) ?? otherwise, spec).colors
  const ordered = use.reversed ? [...colors].reverse() : colors
  const share = (value: number): number => {
    if (use.center === null) return most === least ? 0.5 : (value - least) / (most - least)
    const reach = Math.max(most - use.center, use.center - least)
    return reach === 0 ? 0.5 : 0.5 + (value - use.center) / (2 * reach)
  }
  return {
    least,
    most,
    of: (value) => (value === null ? spec.theme.background : between(ordered, Math.min(1, Math.max(0, share(value))))),
  }
}

/** Colours of categories: those of the sheet for single values, else the palette's in turn. */
export function categoryColors(use: FieldColor, values: readonly Cell[], spec: WorkbookSpec): ReadonlyMap<Cell, Color> {
  const listed = typeof use.palette === 'object' && use.palette !== null ? use.palette : null
  const colors = listed ?? paletteNamed((use.palette as string | null) ?? spec.theme.categorical, spec).colors
  return new Map(
    values.map((value, i) => [
      value,
      use.colors.find((own) => own.value === String(value))?.color ?? colors[i % colors.length]!,
    ]),
  )
}

/** The colour of the measure at this place among several on one shelf. */
export function shelfColor(use: ColorUse, at: number, spec: WorkbookSpec): Color {
  if (use.kind === 'fixed') return use.color
  const { colors } = paletteNamed(spec.theme.categorical, spec)
  return at === 0 ? spec.theme.accent : colors[at % colors.length]!
}

function between(colors: readonly Color[], share: number): Color {
  const at = share * (colors.length - 1)
  const first = Math.min(Math.floor(at), colors.length - 2)
  const [from, to] = [channels(colors[first]!), channels(colors[first + 1]!)]
  const mixed = from.map((c, i) => Math.round(c + (to[i]! - c) * (at - first)))
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

const channels = (color: Color): readonly number[] => [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16))

/** White or the theme's text, whichever is read better on a colour. */
export function textOn(color: Color, spec: WorkbookSpec): Color {
  const [r, g, b] = channels(color) as [number, number, number]
  return 0.299 * r + 0.587 * g + 0.114 * b < 150 ? '#ffffff' : spec.theme.text
}
