import type { Element } from 'xast'
import { x } from 'xastscript'
import { columnElement, discreteInstance, instanceElement } from './column-element.ts'
import { connectionElement, objectGraph } from './connection-element.ts'
import { bracketed, type TableauField, valueText } from './field.ts'
import type { TableauDataSource } from './tableau-data-source.ts'

/** The parts of the format that a document uses, as Tableau lists them. */
export const FORMAT_FEATURES = [
  'ObjectModelEncapsulateLegacy',
  'ObjectModelTableType',
  'SchemaViewerObjectModel',
] as const

/** The version that Tableau's own files have borne since 2018. */
const FORMAT_VERSION = '18.1'

/** The data source as an element of a workbook's `<datasources>`. Valid by Tableau's schemas for workbooks. */
export function dataSourceElement(source: TableauDataSource): Element {
  return x(
    'datasource',
    { caption: source.caption, inline: 'true', name: source.name, version: FORMAT_VERSION },
    content(source),
  )
}

/** The data source as the root of a `.tds` document. */
export function dataSourceDocument(source: TableauDataSource): Element {
  return x(
    'datasource',
    {
      'formatted-name': source.caption,
      inline: 'true',
      'source-platform': 'win',
      version: FORMAT_VERSION,
      'xmlns:user': 'http://www.tableausoftware.com/xml/user',
    },
    [x('document-format-change-manifest', [...FORMAT_FEATURES.map((feature) => x(feature))]), ...content(source)],
  )
}

/** In the order that the schema asks for. */
function content(source: TableauDataSource): Element[] {
  return [
    connectionElement(source),
    x('aliases', { enabled: 'yes' }),
    ...source.fields.map(columnElement),
    ...source.fields.filter(isColoured).map((field) => instanceElement(discreteInstance(field))),
    ...drillPaths(source),
    ...folders(source),
    x('layout', { 'dim-ordering': 'alphabetic', 'measure-ordering': 'alphabetic', 'show-structure': 'true' }),
    ...colourStyle(source),
    ...(source.country === null
      ? []
      : [
          x('semantic-values', [
            x('semantic-value', { key: '[Country].[Name]', value: valueText(source.country, 'string') }),
          ]),
        ]),
    // As both engines cut them, whatever the reader's country does.
    x('date-options', { 'start-of-week': 'monday' }),
    objectGraph(source),
  ]
}

function drillPaths(source: TableauDataSource): Element[] {
  if (source.hierarchies.length === 0) return []
  return [
    x(
      'drill-paths',
      source.hierarchies.map((hierarchy) =>
        x(
          'drill-path',
          { name: hierarchy.name },
          hierarchy.fields.map((name) => x('field', bracketed(name))),
        ),
      ),
    ),
  ]
}

/** A hierarchy stands in the folder of its first level; its levels are not listed apart. */
function folders(source: TableauDataSource): Element[] {
  const items = new Map<string, Element[]>()
  const inHierarchy = new Map(source.hierarchies.flatMap((h) => h.fields.map((name) => [name, h] as const)))
  const done = new Set<string>()
  for (const field of source.fields) {
    const hierarchy = inHierarchy.get(field.name)
    const folder = hierarchy === undefined ? field.folder : folderOf(source, hierarchy.fields[0])
    if (folder === null || (hierarchy !== undefined && done.has(hierarchy.name))) continue
    if (hierarchy !== undefined) done.add(hierarchy.name)
    const item =
      hierarchy === undefined
        ? x('folder-item', { name: bracketed(field.name), type: 'field' })
        : x('folder-item', { name: hierarchy.name, type: 'drillpath' })
    items.set(folder, [...(items.get(folder) ?? []), item])
  }
  if (items.size === 0) return []
  const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    x(
      'folders-common',
      sorted.map(([name, list]) => x('folder', { name }, list)),
    ),
  ]
}

const folderOf = (source: TableauDataSource, name: string | undefined): string | null =>
  source.fields.find((field) => field.name === name)?.folder ?? null

const isColoured = (field: TableauField): boolean =>
  field.role === 'dimension' && (field.colors.length > 0 || field.palette !== null)

/** Colours of values hold for every sheet when they stand here; in a sheet's own style Tableau passes them over. */
function colourStyle(source: TableauDataSource): Element[] {
  const encodings = source.fields.filter(isColoured).map((field) =>
    x(
      'encoding',
      {
        attr: 'color',
        field: discreteInstance(field).name,
        ...(field.palette === null ? {} : { palette: field.palette }),
        type: 'palette',
      },
      field.colors.map(({ value, color }) => x('map', { to: color }, [x('bucket', valueText(value, field.datatype))])),
    ),
  )
  return encodings.length === 0 ? [] : [x('style', [x('style-rule', { element: 'mark' }, encodings)])]
}
