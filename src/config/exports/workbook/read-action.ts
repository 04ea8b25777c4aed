import { missingKey } from '../../errors.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { type LayoutNames, readSheetName } from './read-layout.ts'
import { readStyledText } from './read-styled-text.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { DashboardAction } from './workbook-spec.ts'

const KEYS = {
  filter: ['name', 'kind', 'from', 'to', 'on', 'fields', 'clearing'],
  highlight: ['name', 'kind', 'from', 'to', 'on', 'fields'],
  url: ['name', 'kind', 'from', 'on', 'url'],
} as const

export function readActions(
  reader: WorkbookReader,
  node: YamlNode | undefined,
  names: LayoutNames,
): readonly DashboardAction[] {
  const { yaml } = reader
  return yaml
    .list(node, `\`actions\` of the dashboard \`${names.dashboard}\``)
    .flatMap((item) => readAction(reader, item, names) ?? [])
}

function readAction(reader: WorkbookReader, node: YamlNode, names: LayoutNames): DashboardAction | undefined {
  const { yaml } = reader
  const where = `an action of the dashboard \`${names.dashboard}\``
  const any = yaml.map(node, where, undefined)
  if (any === undefined) return undefined
  const name = yaml.requiredText(any, 'name', where, 'name: Filter by country')
  const kindNode = reader.at(any, 'kind')
  if (kindNode === undefined) yaml.requiredText(any, 'kind', where, 'kind: filter')
  const kind =
    kindNode === undefined ? undefined : yaml.choice(kindNode, 'kind of action', ['filter', 'highlight', 'url'])
  if (name === undefined || kind === undefined) return undefined
  yaml.map(node, `the action \`${name}\``, KEYS[kind])
  const from = readSheets(reader, any, 'from', names)
  const common = {
    name,
    from: from ?? [],
    on: reader.choice(any, 'on', ['select', 'hover', 'menu'], kind === 'highlight' ? 'hover' : 'select'),
    span: yaml.span(entryOf(any, 'name')!.value),
  } as const
  if (from === undefined) return undefined
  if (kind === 'url') {
    const urlNode = reader.at(any, 'url')
    if (urlNode === undefined) {
      yaml.requiredText(any, 'url', `the action \`${name}\``, "url: 'https://example.com/{campaign}'")
      return undefined
    }
    const url = readStyledText(reader, urlNode, `\`url\` of the action \`${name}\``)
    return url === undefined ? undefined : { ...common, kind, url }
  }
  const to = readSheets(reader, any, 'to', names)
  if (to === undefined) return undefined
  const fieldsNode = reader.at(any, 'fields')
  const fields = fieldsNode === undefined ? [] : (yaml.texts(fieldsNode, '`fields` of an action') ?? [])
  if (kind === 'highlight') return { ...common, kind, to, fields }
  const clearing = reader.choice(any, 'clearing', ['show_all', 'keep', 'exclude_all'], 'show_all')
  return { ...common, kind, to, fields, clearing }
}

function readSheets(
  reader: WorkbookReader,
  map: YamlMap,
  key: 'from' | 'to',
  names: LayoutNames,
): readonly string[] | undefined {
  const where = `an action of the dashboard \`${names.dashboard}\``
  const node = reader.at(map, key)
  if (node === undefined) {
    if (reader.yaml.misspelt(map, key)) return undefined
    return reader.report(
      missingKey({ key, where, example: `${key}: [Spend by country]` }, { span: reader.yaml.span(map) }),
    )
  }
  const items = node.kind === 'list' ? node.items : [node]
  return items.flatMap((item) => readSheetName(reader, item, names, where) ?? [])
}
