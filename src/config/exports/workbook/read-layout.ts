import { missingKey, wrongType } from '../../errors.ts'
import { describeYaml, entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { layoutContents, unknownName } from './errors.ts'
import { readStyledText } from './read-styled-text.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { FilterControl, LayoutBox, LayoutContent, LayoutItem, SheetFit } from './workbook-spec.ts'

const CONTENTS = ['rows', 'columns', 'sheet', 'text', 'heading', 'filter', 'legend', 'image', 'blank'] as const
type Content = (typeof CONTENTS)[number]

const BOX = ['fixed', 'weight', 'background', 'padding', 'margin', 'border'] as const

/** Keys beside the content's own. */
const BESIDE: Readonly<Record<Content, readonly string[]>> = {
  rows: [],
  columns: [],
  sheet: ['show_title', 'fit'],
  text: ['size', 'color', 'bold', 'align'],
  heading: ['size', 'color', 'bold', 'align'],
  filter: ['control', 'title'],
  legend: ['of', 'title'],
  image: ['url'],
  blank: [],
}

const FITS: readonly SheetFit[] = ['entire', 'width', 'height', 'standard']
const CONTROLS: readonly FilterControl[] = ['list', 'dropdown', 'single_list', 'single_dropdown', 'slider', 'search']

/** What the boxes of a layout may name. */
export interface LayoutNames {
  readonly dashboard: string
  readonly sheets: readonly string[]
  readonly filters: readonly string[]
}

/** A box: a mapping with one content, or the name of a sheet alone. */
export function readLayout(reader: WorkbookReader, node: YamlNode, names: LayoutNames): LayoutItem | undefined {
  const { yaml } = reader
  const where = `the layout of the dashboard \`${names.dashboard}\``
  if (node.kind !== 'map') {
    if (node.kind === 'list')
      return reader.report(
        wrongType(
          {
            what: where,
            expected: 'a mapping',
            got: describeYaml(node),
            hint: 'say whether the boxes stand below each other (`rows:`) or beside each other (`columns:`)',
          },
          { span: yaml.span(node) },
        ),
      )
    const sheet = readSheetName(reader, node, names, where)
    if (sheet === undefined) return undefined
    return { ...plainBox(reader, node), kind: 'sheet', sheet, showTitle: true, fit: 'entire' }
  }
  const any = yaml.map(node, where, undefined)
  if (any === undefined) return undefined
  const found = any.entries.filter((entry) => (CONTENTS as readonly string[]).includes(entry.key))
  const [entry] = found
  if (entry === undefined || found.length > 1) {
    const known = [...CONTENTS, ...BOX]
    yaml.map(node, where, [...known, ...Object.values(BESIDE).flat()])
    if (entry === undefined && any.entries.some((e) => !known.includes(e.key as Content))) return undefined
    return reader.report(
      layoutContents(
        { found: found.map((e) => e.key), known: CONTENTS },
        { span: yaml.span(found[1] === undefined ? node : keyPlace(found[1])) },
      ),
    )
  }
  const content = entry.key as Content
  yaml.map(node, `a box with \`${content}\` in ${where}`, [content, ...BOX, ...BESIDE[content]])
  const read = readContent(reader, { entry, map: any, content, names, where })
  return read === undefined ? undefined : { ...readBox(reader, any), ...read }
}

function keyPlace(entry: YamlEntry): { readonly start: number; readonly end: number } {
  return { start: entry.keyStart, end: entry.keyEnd }
}

function plainBox(reader: WorkbookReader, node: YamlNode): LayoutBox {
  const span = reader.yaml.span(node)
  return { fixed: null, weight: 1, background: null, padding: null, margin: null, border: null, span }
}

function readBox(reader: WorkbookReader, map: YamlMap): LayoutBox {
  return {
    fixed: reader.count(map, 'fixed', 1),
    weight: readWeight(reader, map),
    background: reader.color(map, 'background'),
    padding: reader.count(map, 'padding', 0),
    margin: reader.count(map, 'margin', 0),
    border: reader.color(map, 'border'),
    span: reader.yaml.span(map),
  }
}

function readWeight(reader: WorkbookReader, map: YamlMap): number {
  const weight = reader.number(map, 'weight') ?? 1
  if (weight > 0) return weight
  reader.report(
    wrongType(
      { what: '`weight`', expected: 'a number above zero', got: `\`${weight}\`` },
      { span: reader.yaml.span(entryOf(map, 'weight')!.value) },
    ),
  )
  return 1
}

interface ContentPlace {
  readonly entry: YamlEntry
  readonly map: YamlMap
  readonly content: Content
  readonly names: LayoutNames
  readonly where: string
}

function readContent(reader: WorkbookReader, place: ContentPlace): LayoutContent | undefined {
  const { yaml } = reader
  const { entry, map, content, names, where } = place
  switch (content) {
    case 'rows':
    case 'columns': {
      const items = yaml
        .list(entry.value, `\`${content}\` of ${where}`)
        .flatMap((item) => readLayout(reader, item, names) ?? [])
      return { kind: 'stack', direction: content, items }
    }
    case 'sheet': {
      const sheet = readSheetName(reader, entry.value, names, where)
      if (sheet === undefined) return undefined
      return {
        kind: 'sheet',
        sheet,
        showTitle: reader.flag(map, 'show_title', true),
        fit: reader.choice(map, 'fit', FITS, 'entire'),
      }
    }
    case 'text':
    case 'heading': {
      const entries = map.entries
        .filter((e) => e.key === content || BESIDE.text.includes(e.key))
        .map((e) => (e.key === 'heading' ? { ...e, key: 'text' } : e))
      const text = readStyledText(reader, { ...map, entries }, `a text in ${where}`)
      return text === undefined ? undefined : { kind: 'text', text, heading: content === 'heading' }
    }
    case 'filter':
      return readFilterCard(reader, place)
    case 'legend': {
      const sheet = readSheetName(reader, entry.value, names, where)
      if (sheet === undefined) return undefined
      return {
        kind: 'legend',
        sheet,
        of: reader.choice(map, 'of', ['color', 'size'], 'color'),
        title: reader.text(map, 'title'),
      }
    }
    case 'image': {
      const path = yaml.text(entry.value, '`image`')
      return path === undefined ? undefined : { kind: 'image', path, url: reader.text(map, 'url') }
    }
    case 'blank':
      return { kind: 'blank' }
  }
}

function readFilterCard(reader: WorkbookReader, place: ContentPlace): LayoutContent | undefined {
  const { entry, map, names, where } = place
  const name = reader.yaml.text(entry.value, '`filter`')
  if (name === undefined) return undefined
  const filter = names.filters.indexOf(name)
  if (filter < 0) {
    return reader.report(
      unknownName(
        { what: 'filter under `filters` called', name, where, known: names.filters },
        { span: reader.yaml.span(entry.value) },
      ),
    )
  }
  const control = reader.choice(map, 'control', CONTROLS, 'dropdown')
  return { kind: 'filter', filter, control, title: reader.text(map, 'title') }
}

export function readSheetName(
  reader: WorkbookReader,
  node: YamlNode,
  names: LayoutNames,
  where: string,
): string | undefined {
  const name = reader.yaml.text(node, `a sheet of ${where}`)
  if (name === undefined || names.sheets.includes(name)) return name
  return reader.report(
    unknownName({ what: 'sheet', name, where, known: names.sheets }, { span: reader.yaml.span(node) }),
  )
}

/** Names of the sheets in a layout, in its order. */
export function sheetsOf(item: LayoutItem): readonly string[] {
  if (item.kind === 'sheet') return [item.sheet]
  return item.kind === 'stack' ? item.items.flatMap(sheetsOf) : []
}

/** A missing `layout`. */
export function layoutMissing(reader: WorkbookReader, map: YamlMap, where: string): undefined {
  if (reader.yaml.misspelt(map, 'layout')) return undefined
  const span = reader.yaml.span({ start: map.start, end: Math.min(map.end, map.start + 1) })
  return reader.report(missingKey({ key: 'layout', where, example: 'layout: { rows: [My sheet] }' }, { span }))
}
