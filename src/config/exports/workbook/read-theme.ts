import type { YamlMap, YamlNode } from '../../yaml-node.ts'
import { repeatedName, unknownName } from './errors.ts'
import { PALETTES, THEMES } from './palettes.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Color, Palette, Theme } from './workbook-spec.ts'

const COLORS = ['text', 'secondary_text', 'accent', 'background', 'surface', 'grid', 'axis_line', 'border'] as const
const SIZES = ['font_size', 'title_size', 'heading_size', 'kpi_size', 'padding', 'gap', 'corners'] as const
const SCHEMES = ['categorical', 'sequential', 'diverging'] as const
const KEYS = ['base', 'font', ...COLORS, ...SIZES, ...SCHEMES] as const

/** The name of a theme, or a mapping with `base` and what is different. */
export function readTheme(reader: WorkbookReader, node: YamlNode | undefined): Theme {
  const first = THEMES[0]!
  if (node === undefined) return first
  const { yaml } = reader
  if (node.kind !== 'map') return themeNamed(reader, node) ?? first
  const map = yaml.map(node, '`theme`', KEYS)
  if (map === undefined) return first
  const baseNode = reader.at(map, 'base')
  const base = (baseNode === undefined ? undefined : themeNamed(reader, baseNode)) ?? first
  const fontNode = reader.at(map, 'font')
  const fonts = fontNode === undefined ? undefined : yaml.texts(fontNode, '`font`')
  const color = <T extends Color | null>(key: (typeof COLORS)[number], otherwise: T): T | Color =>
    reader.color(map, key) ?? otherwise
  const size = (key: (typeof SIZES)[number], otherwise: number): number =>
    reader.count(map, key, key.endsWith('_size') ? 1 : 0) ?? otherwise
  const scheme = (key: (typeof SCHEMES)[number], otherwise: string): string => readScheme(reader, map, key) ?? otherwise
  return {
    name: base.name,
    fonts: fonts === undefined || fonts.length === 0 ? base.fonts : fonts,
    fontSize: size('font_size', base.fontSize),
    titleSize: size('title_size', base.titleSize),
    headingSize: size('heading_size', base.headingSize),
    kpiSize: size('kpi_size', base.kpiSize),
    text: color('text', base.text),
    secondaryText: color('secondary_text', base.secondaryText),
    accent: color('accent', base.accent),
    background: color('background', base.background),
    surface: color('surface', base.surface),
    grid: color('grid', base.grid),
    axisLine: color('axis_line', base.axisLine),
    border: color('border', base.border),
    padding: size('padding', base.padding),
    gap: size('gap', base.gap),
    corners: size('corners', base.corners),
    categorical: scheme('categorical', base.categorical),
    sequential: scheme('sequential', base.sequential),
    diverging: scheme('diverging', base.diverging),
  }
}

function themeNamed(reader: WorkbookReader, node: YamlNode): Theme | undefined {
  const name = reader.yaml.text(node, '`theme`')
  if (name === undefined) return undefined
  const known = THEMES.map((theme) => theme.name)
  return (
    THEMES.find((theme) => theme.name === name) ??
    reader.report(unknownName({ what: 'theme', name, where: '`theme`', known }, { span: reader.yaml.span(node) }))
  )
}

function readScheme(reader: WorkbookReader, map: YamlMap, key: string): string | undefined {
  const name = reader.text(map, key)
  if (name === null || reader.palettes.includes(name)) return name ?? undefined
  return reader.report(
    unknownName(
      { what: 'palette', name, where: '`theme`', known: reader.palettes },
      { span: reader.yaml.span(reader.at(map, key)!) },
    ),
  )
}

const PALETTE_KEYS = ['name', 'kind', 'colors'] as const

export function readPalettes(reader: WorkbookReader, node: YamlNode | undefined): readonly Palette[] {
  const { yaml } = reader
  const palettes: Palette[] = []
  for (const item of yaml.list(node, '`palettes`')) {
    const map = yaml.map(item, 'a palette', PALETTE_KEYS)
    const name = map === undefined ? undefined : yaml.requiredText(map, 'name', 'a palette', 'name: brand')
    if (map === undefined || name === undefined) continue
    if ([...PALETTES, ...palettes].some((palette) => palette.name === name)) {
      reader.report(repeatedName({ what: 'palettes', name }, { span: yaml.span(reader.at(map, 'name')!) }))
      continue
    }
    const colors = reader.at(map, 'colors')
    if (colors === undefined) {
      yaml.requiredText(map, 'colors', `the palette \`${name}\``, "colors: ['#0071e3', '#34c759']")
      continue
    }
    palettes.push({
      name,
      kind: reader.choice(map, 'kind', ['categorical', 'sequential', 'diverging'], 'categorical'),
      colors: reader.colors(colors, `\`colors\` of the palette \`${name}\``) ?? [],
    })
  }
  return palettes
}
