import { entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import type { YamlReader } from '../../yaml-reader.ts'
import { checkDashboardShows, checkSheetShows } from './check-shown.ts'
import { emptyWorkbook, repeatedName } from './errors.ts'
import { PALETTES } from './palettes.ts'
import { readCalculations } from './read-calculation.ts'
import { readDashboard } from './read-dashboard.ts'
import { readSheet } from './read-sheet.ts'
import { readPalettes, readTheme } from './read-theme.ts'
import { WorkbookReader } from './workbook-reader.ts'
import type { WorkbookSpec } from './workbook-spec.ts'

/** The keys of a workbook file, and of options that hold a workbook themselves. */
export const WORKBOOK_KEYS = ['theme', 'palettes', 'calculations', 'sheets', 'dashboards'] as const

/** Reads a workbook out of a whole file. Whatever is wrong was reported to `yaml`; undefined when nothing can be shown. */
export function readWorkbook(yaml: YamlReader, root: YamlNode): WorkbookSpec | undefined {
  const map = yaml.map(root, 'a workbook', WORKBOOK_KEYS)
  return map === undefined ? undefined : readWorkbookMap(yaml, map, 'the workbook')
}

/** Reads a workbook out of a mapping whose keys were checked. */
export function readWorkbookMap(yaml: YamlReader, map: YamlMap, where: string): WorkbookSpec | undefined {
  const reader = new WorkbookReader(yaml, {
    calculations: namesIn(yaml, entryOf(map, 'calculations')?.value),
    palettes: [...PALETTES.map((palette) => palette.name), ...namesIn(yaml, entryOf(map, 'palettes')?.value)],
  })
  const palettes = readPalettes(reader, reader.at(map, 'palettes'))
  const theme = readTheme(reader, reader.at(map, 'theme'))
  const calculations = readCalculations(reader, reader.at(map, 'calculations'))
  const read = yaml.list(reader.at(map, 'sheets'), '`sheets`').map((node) => yaml.noting(() => readSheet(reader, node)))
  const sheets = read.flatMap(({ value }) => value ?? [])
  const whole = read.flatMap(({ value, clean }) => (clean && value !== undefined ? [value] : []))
  for (const sheet of whole) checkSheetShows(reader, sheet)
  if (reader.at(map, 'sheets') === undefined) {
    const span = yaml.span({ start: map.start, end: Math.min(map.end, map.start + 1) })
    if (!yaml.misspelt(map, 'sheets')) yaml.report(emptyWorkbook({ where }, { span }))
    return undefined
  }
  // A sheet with a mistake is still a sheet: it is told once.
  const sheetNames = namesIn(yaml, reader.at(map, 'sheets'))
  const dashboards = yaml.list(reader.at(map, 'dashboards'), '`dashboards`').flatMap((node) => {
    const { value, clean } = yaml.noting(() => readDashboard(reader, node, sheetNames))
    if (clean && value !== undefined) checkDashboardShows(reader, value, whole)
    return value ?? []
  })
  reportRepeated(reader, 'sheets or dashboards', [...sheets, ...dashboards])
  reportRepeated(reader, 'calculations', calculations)
  return { theme, palettes, calculations, sheets, dashboards }
}

/** The names of a list of mappings, before it is read. */
function namesIn(yaml: YamlReader, node: YamlNode | undefined): readonly string[] {
  if (node?.kind !== 'list') return []
  return node.items.flatMap((item) => {
    const name = item.kind === 'map' ? entryOf(item, 'name')?.value : undefined
    const value = name === undefined ? undefined : yaml.raw(name)
    return typeof value === 'string' ? [value] : []
  })
}

function reportRepeated(
  reader: WorkbookReader,
  what: string,
  items: readonly { readonly name: string; readonly span: WorkbookSpec['sheets'][number]['span'] }[],
): void {
  const seen = new Set<string>()
  for (const { name, span } of items) {
    if (seen.has(name.toLowerCase())) reader.report(repeatedName({ what, name }, { span }))
    seen.add(name.toLowerCase())
  }
}
