import { missingKey, wrongType } from '../../errors.ts'
import { describeYaml, entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { sheetOutside } from './errors.ts'
import { readActions } from './read-action.ts'
import { FILTER_KEYS, readFilterMap } from './read-filter.ts'
import { layoutMissing, readLayout, readSheetName, sheetsOf } from './read-layout.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Dashboard, DashboardFilter, DashboardSize, Sheet } from './workbook-spec.ts'

const KEYS = ['name', 'description', 'size', 'background', 'layout', 'phone', 'filters', 'actions'] as const

export function readDashboard(
  reader: WorkbookReader,
  node: YamlNode,
  sheets: readonly string[],
): Dashboard | undefined {
  const { yaml } = reader
  const map = yaml.map(node, 'a dashboard', KEYS)
  if (map === undefined) return undefined
  const name = yaml.requiredText(map, 'name', 'a dashboard', 'name: Campaign trends')
  if (name === undefined) return undefined
  const where = `the dashboard \`${name}\``
  const names = { dashboard: name, sheets, filters: [] }
  const filters = yaml
    .list(reader.at(map, 'filters'), `\`filters\` of ${where}`)
    .flatMap((item) => readDashboardFilter(reader, item, names) ?? [])
  const allNames = { ...names, filters: filters.map((filter) => filter.name) }
  const layoutNode = reader.at(map, 'layout')
  const layout = layoutNode === undefined ? layoutMissing(reader, map, where) : readLayout(reader, layoutNode, allNames)
  const phone = readPhone(reader, map, allNames)
  const actions = readActions(reader, reader.at(map, 'actions'), allNames)
  if (layout === undefined) return undefined
  const shown = sheetsOf(layout)
  for (const filter of filters)
    outside(reader, { dashboard: name, shown, what: `the filter \`${filter.name}\``, of: filter })
  for (const action of actions) {
    const of = { sheets: [...action.from, ...(action.kind === 'url' ? [] : action.to)], span: action.span }
    outside(reader, { dashboard: name, shown, what: `the action \`${action.name}\``, of })
  }
  return {
    name,
    description: reader.text(map, 'description') ?? '',
    size: readSize(reader, map, where),
    background: reader.color(map, 'background'),
    layout,
    phone,
    filters,
    actions,
    span: yaml.span(entryOf(map, 'name')!.value),
  }
}

function outside(
  reader: WorkbookReader,
  at: {
    readonly dashboard: string
    readonly shown: readonly string[]
    readonly what: string
    readonly of: { readonly sheets: readonly string[]; readonly span: Sheet['span'] }
  },
): void {
  for (const sheet of at.of.sheets)
    if (!at.shown.includes(sheet))
      reader.report(sheetOutside({ sheet, dashboard: at.dashboard, what: at.what }, { span: at.of.span }))
}

const DASHBOARD_FILTER_KEYS = ['name', 'sheets', ...FILTER_KEYS]

function readDashboardFilter(
  reader: WorkbookReader,
  node: YamlNode,
  names: { readonly dashboard: string; readonly sheets: readonly string[]; readonly filters: readonly string[] },
): DashboardFilter | undefined {
  const { yaml } = reader
  const where = `a filter of the dashboard \`${names.dashboard}\``
  const map = yaml.map(node, where, DASHBOARD_FILTER_KEYS)
  const filter = map === undefined ? undefined : readFilterMap(reader, map, where)
  if (map === undefined || filter === undefined) return undefined
  const sheetsNode = reader.at(map, 'sheets')
  if (sheetsNode === undefined) {
    if (!yaml.misspelt(map, 'sheets'))
      reader.report(missingKey({ key: 'sheets', where, example: 'sheets: [Spend by month]' }, { span: yaml.span(map) }))
    return undefined
  }
  const items = sheetsNode.kind === 'list' ? sheetsNode.items : [sheetsNode]
  const sheets = items.flatMap((item) => readSheetName(reader, item, names, where) ?? [])
  return { ...filter, name: reader.text(map, 'name') ?? filter.field.text, sheets }
}

const SIZE_KEYS = ['width', 'height', 'min_width', 'min_height', 'max_width', 'max_height'] as const

function readSize(reader: WorkbookReader, map: YamlMap, where: string): DashboardSize {
  const otherwise = { kind: 'fixed', width: 1200, height: 800 } as const
  const node = reader.at(map, 'size')
  if (node === undefined) return otherwise
  if (node.kind === 'scalar' && node.value === 'automatic') return { kind: 'automatic' }
  if (node.kind !== 'map') {
    reader.report(
      wrongType(
        {
          what: `\`size\` of ${where}`,
          expected: '`automatic` or a mapping',
          got: describeYaml(node),
          hint: 'for example `size: { width: 1200, height: 800 }`',
        },
        { span: reader.yaml.span(node) },
      ),
    )
    return otherwise
  }
  const size = reader.yaml.map(node, `\`size\` of ${where}`, SIZE_KEYS)
  if (size === undefined) return otherwise
  const minWidth = reader.count(size, 'min_width', 100)
  const minHeight = reader.count(size, 'min_height', 100)
  const width = reader.count(size, 'width', 100)
  const height = reader.count(size, 'height', 100)
  if (minWidth === null && minHeight === null)
    return { kind: 'fixed', width: width ?? otherwise.width, height: height ?? otherwise.height }
  const least = { minWidth: minWidth ?? width ?? otherwise.width, minHeight: minHeight ?? height ?? otherwise.height }
  return {
    kind: 'range',
    ...least,
    maxWidth: Math.max(reader.count(size, 'max_width', 100) ?? width ?? 1600, least.minWidth),
    maxHeight: Math.max(reader.count(size, 'max_height', 100) ?? height ?? 1200, least.minHeight),
  }
}

function readPhone(reader: WorkbookReader, map: YamlMap, names: Parameters<typeof readLayout>[2]): Dashboard['phone'] {
  const node = reader.at(map, 'phone')
  const phone = node === undefined ? undefined : reader.yaml.map(node, '`phone`', ['height', 'layout'])
  if (phone === undefined) return null
  const layoutNode = reader.at(phone, 'layout')
  const layout =
    layoutNode === undefined ? layoutMissing(reader, phone, '`phone`') : readLayout(reader, layoutNode, names)
  return layout === undefined ? null : { height: reader.count(phone, 'height', 300) ?? 1600, layout }
}
