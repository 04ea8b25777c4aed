import { isAbsolute } from 'node:path'
import { badExposureName, notAReference } from '../errors.ts'
import { readConfig } from '../read-config.ts'
import { readDescription } from '../read-description.ts'
import { parseReferenceText } from '../reference-text.ts'
import { entryOf, type YamlMap, type YamlNode } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'
import {
  columnsOfSeveral,
  columnTwice,
  folderNamedAsFile,
  formatUntold,
  placeOfShell,
  placeOutside,
  readsNothing,
  severalRelations,
  wrongSuffix,
} from './errors.ts'
import type { ExportEntry, PromisedColumn } from './export-entry.ts'
import {
  type ExportFormat,
  type FormatChoice,
  formatNames,
  formatOfPath,
  formats,
  tellingSuffixes,
} from './format-options.ts'
import { readPublishOptions } from './publish/publish-options.ts'

const KEYS = [
  'name',
  'label',
  'description',
  'from',
  'to',
  'outside_project',
  'format',
  'columns',
  'on_schema_change',
  'options',
  'publish',
  'owner',
  'enabled',
  'tags',
  'meta',
  'config',
] as const

const EMPTY: YamlMap = { kind: 'map', entries: [], start: 0, end: 0 }

/** An entry of `exports:`. */
export function readExport(reader: YamlReader, node: YamlNode): ExportEntry | undefined {
  const map = reader.map(node, 'an export', KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'an export', 'name: weekly_sales')
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (!/^\w+$/.test(name)) return reader.report(badExposureName({ name, what: 'an export' }, { span: nameSpan }))
  const where = `the export \`${name}\``
  const from = readFrom(reader, map, where)
  const place = given(map, 'to')
  const to = place === undefined ? undefined : reader.text(place, `\`to\` of ${where}`)
  if (place !== undefined && to === undefined) return undefined
  const format = readFormat(reader, map, { where, place, to })
  if (from === undefined || format === undefined) return undefined
  if (place === undefined && formats[format].needsPlace) {
    const suffix = formats[format].suffixes[0] ?? ''
    reader.requiredText(map, 'to', where, `to: exports/${name}${suffix}`)
    return undefined
  }
  const outsideProject = reader.optionalBoolean(map, 'outside_project', '`outside_project`') ?? false
  if (to !== undefined && !checkPlace(reader, place!, { to, format, outsideProject })) return undefined
  if (from.length > 1 && !formats[format].severalTables) {
    reader.report(severalRelations({ where, format, count: from.length }, { span: from[1]!.span }))
    return undefined
  }
  const options = given(map, 'options')
  const optionMap = options === undefined ? EMPTY : (reader.map(options, `\`options\` of ${where}`, undefined) ?? EMPTY)
  return {
    name,
    nameSpan,
    label: reader.optionalText(map, 'label', '`label`') ?? null,
    description: readDescription(reader, map),
    from,
    to: to?.replaceAll('\\', '/') ?? null,
    toSpan: place === undefined ? nameSpan : reader.span(place),
    outsideProject,
    columns: from.length > 1 ? refuseColumns(reader, map, where) : readColumns(reader, map, where),
    onSchemaChange: readChange(reader, map),
    choice: { format, options: formats[format].readOptions(reader, optionMap, where, to ?? null) } as FormatChoice,
    publish: readPublish(reader, map, { where, format, to, name }),
    owner: readOwner(reader, map, where),
    config: readConfig(reader, map, { where, resource: 'export', beside: ['enabled', 'tags', 'meta'] }),
  }
}

function readPublish(
  reader: YamlReader,
  map: YamlMap,
  { where, format, to, name }: { where: string; format: ExportFormat; to: string | undefined; name: string },
): ExportEntry['publish'] {
  const node = given(map, 'publish')
  if (node === undefined) return null
  const file = to === undefined ? undefined : /([^/\\]+)\.[^./\\]+$/.exec(to)?.[1]
  return readPublishOptions(reader, node, { where, format, defaultName: file ?? name }) ?? null
}

function given(map: YamlMap, key: string): YamlNode | undefined {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? undefined : entry.value
}

function readFrom(reader: YamlReader, map: YamlMap, where: string): ExportEntry['from'] | undefined {
  const node = given(map, 'from')
  if (node === undefined) {
    reader.requiredText(map, 'from', where, "from: ref('orders')")
    return undefined
  }
  const items = node.kind === 'list' ? node.items : [node]
  if (items.length === 0) return reader.report(readsNothing({ where }, { span: reader.span(node) }))
  const from: ExportEntry['from'][number][] = []
  for (const item of items) {
    const text = reader.text(item, `\`from\` of ${where}`)
    if (text === undefined) return undefined
    const span = reader.span(item)
    const reference = parseReferenceText(text)
    if (reference === undefined || reference.kind === 'this')
      return reader.report(notAReference({ text, where: `\`from\` of ${where}` }, { span }))
    from.push({ reference, span })
  }
  return from
}

/** What `format` says, or else what the end of the file's name tells. */
function readFormat(
  reader: YamlReader,
  map: YamlMap,
  {
    where,
    place,
    to,
  }: { readonly where: string; readonly place: YamlNode | undefined; readonly to: string | undefined },
): ExportFormat | undefined {
  const node = given(map, 'format')
  if (node !== undefined) return reader.choice(node, `\`format\` of ${where}`, formatNames)
  if (place === undefined || to === undefined) {
    reader.requiredText(map, 'format', where, 'format: parquet')
    return undefined
  }
  const told = formatOfPath(to)
  if (told === undefined && !reader.misspelt(map, 'format'))
    reader.report(formatUntold({ to, suffixes: tellingSuffixes() }, { span: reader.span(place) }))
  return told
}

function checkPlace(
  reader: YamlReader,
  node: YamlNode,
  place: { readonly to: string; readonly format: ExportFormat; readonly outsideProject: boolean },
): boolean {
  const { to, format, outsideProject } = place
  const span = reader.span(node)
  const { suffixes } = formats[format]
  if (suffixes.length > 0 && !suffixes.some((suffix) => to.toLowerCase().endsWith(suffix))) {
    reader.report(wrongSuffix({ to, format, suffixes, other: formatOfPath(to) }, { span }))
    return false
  }
  if (suffixes.length === 0 && to.toLowerCase().endsWith(`.${format}`)) {
    reader.report(folderNamedAsFile({ to, format }, { span }))
    return false
  }
  if (!outsideProject && leadsOut(to)) {
    reader.report(placeOutside({ to }, { span }))
    return false
  }
  if (leadsOff(to) && !isAbsolute(to)) {
    reader.report(placeOfShell({ to }, { span }))
    return false
  }
  return true
}

/** Whether a path begins elsewhere than in the folder that it is seen from, here or on another system. */
function leadsOff(path: string): boolean {
  return /^([/\\]|[A-Za-z]:|~)/.test(path)
}

/** Whether a path leaves the folder that it begins in. */
function leadsOut(path: string): boolean {
  if (leadsOff(path)) return true
  let depth = 0
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') depth--
    else if (part !== '.' && part !== '') depth++
    if (depth < 0) return true
  }
  return false
}

function readColumns(reader: YamlReader, map: YamlMap, where: string): readonly PromisedColumn[] | null {
  const node = given(map, 'columns')
  if (node === undefined) return null
  const columns: PromisedColumn[] = []
  for (const item of reader.list(node, `\`columns\` of ${where}`)) {
    const column = readColumn(reader, item, where)
    if (column === undefined) continue
    const earlier = columns.find((c) => c.name.toLowerCase() === column.name.toLowerCase())
    if (earlier === undefined) columns.push(column)
    else
      reader.report(
        columnTwice(
          { name: column.name, where },
          { span: column.span, labels: [{ span: earlier.span, text: 'first here' }] },
        ),
      )
  }
  return columns.length === 0 ? null : columns
}

/** Which relation a promised column would belong to is not said. */
function refuseColumns(reader: YamlReader, map: YamlMap, where: string): null {
  const node = given(map, 'columns')
  if (node !== undefined) reader.report(columnsOfSeveral({ where }, { span: reader.span(node) }))
  return null
}

/** A name, or a mapping with `name` and `data_type`. */
function readColumn(reader: YamlReader, node: YamlNode, where: string): PromisedColumn | undefined {
  const what = `a column of ${where}`
  if (node.kind !== 'map') {
    const name = reader.text(node, what)
    return name === undefined ? undefined : { name, dataType: null, span: reader.span(node) }
  }
  const map = reader.map(node, what, ['name', 'data_type'])
  const name = map === undefined ? undefined : reader.requiredText(map, 'name', what, 'name: order_id')
  if (map === undefined || name === undefined) return undefined
  const dataType = reader.optionalText(map, 'data_type', '`data_type`') ?? null
  return { name, dataType, span: reader.span(entryOf(map, 'name')!.value) }
}

function readChange(reader: YamlReader, map: YamlMap): ExportEntry['onSchemaChange'] {
  const node = given(map, 'on_schema_change')
  if (node === undefined) return 'fail'
  return reader.choice(node, '`on_schema_change` of an export', ['fail', 'allow'] as const) ?? 'fail'
}

function readOwner(reader: YamlReader, map: YamlMap, where: string): ExportEntry['owner'] {
  const node = given(map, 'owner')
  const owner = node === undefined ? undefined : reader.map(node, `\`owner\` of ${where}`, ['name', 'email'])
  if (owner === undefined) return { name: null, email: null }
  const email = given(owner, 'email')
  const emails = email === undefined ? null : (reader.texts(email, '`email` of an owner') ?? null)
  return {
    name: reader.optionalText(owner, 'name', '`name` of an owner') ?? null,
    email: emails?.length === 1 ? emails[0]! : emails,
  }
}
