import type { Element } from 'xast'
import { x } from 'xastscript'
import { PALETTES } from '../../../config/exports/workbook/palettes.ts'
import type { Color, ColorUse, Palette, Theme, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import type { Pill } from './sheet-fields.ts'

export function paletteNamed(spec: Pick<WorkbookSpec, 'palettes'>, name: string): Palette | undefined {
  return [...spec.palettes, ...PALETTES].find((palette) => palette.name === name)
}

type FieldColor = Extract<ColorUse, { kind: 'field' }>

/** How the values of a measure are coloured, for the style of a sheet. */
export function measureColors(use: FieldColor, pill: Pill, spec: WorkbookSpec): Element {
  const palette = paletteOf(use, spec)
  const colors = use.reversed ? [...palette.colors].reverse() : palette.colors
  return x(
    'encoding',
    {
      attr: 'color',
      ...(use.center === null ? {} : { center: String(use.center) }),
      field: pill.ref,
      ...(use.maximum === null ? {} : { max: String(use.maximum) }),
      ...(use.minimum === null ? {} : { min: String(use.minimum) }),
      ...(use.steps === null ? {} : { 'num-steps': String(use.steps) }),
      type: 'custom-interpolated',
    },
    [
      x(
        'color-palette',
        {
          custom: 'true',
          name: '',
          type: palette.kind === 'diverging' ? 'ordered-diverging' : 'ordered-sequential',
        },
        colors.map((color) => x('color', color)),
      ),
    ],
  )
}

function paletteOf(
  use: FieldColor,
  spec: WorkbookSpec,
): { readonly kind: Palette['kind']; readonly colors: readonly Color[] } {
  const diverging = use.center !== null
  if (use.palette !== null && typeof use.palette !== 'string')
    return { kind: diverging ? 'diverging' : 'sequential', colors: use.palette }
  const { theme } = spec
  const name = use.palette ?? (diverging ? theme.diverging : theme.sequential)
  return paletteNamed(spec, name) ?? PALETTES[1]!
}

/** The colour of the marks of the measure at this place among several. */
export function markColor(use: ColorUse, at: number, spec: Pick<WorkbookSpec, 'theme' | 'palettes'>): Color {
  if (use.kind === 'fixed') return use.color
  if (at === 0) return spec.theme.accent
  const { colors } = categorical(spec.theme, spec)
  return colors[at % colors.length] ?? spec.theme.accent
}

function categorical(theme: Theme, spec: Pick<WorkbookSpec, 'palettes'>): Palette {
  return paletteNamed(spec, theme.categorical) ?? PALETTES[0]!
}
