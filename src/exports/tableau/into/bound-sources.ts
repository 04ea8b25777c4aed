import type { Element, Root } from 'xast'
import { fromXml } from 'xast-util-from-xml'
import { bracketed } from '../field.ts'

/** A data source of a document, with whatever in the document uses its fields. */
export interface BoundSource {
  readonly caption: string
  /** The field that shows a column of a table of the extract. */
  field(table: string, column: string): string
  /** Whether the field is calculated, so that a column of the extract holds what Tableau has worked out. */
  isCalculated(field: string): boolean
  /** What uses a field, in words: `the sheet \`Sales\`` … */
  uses(field: string): readonly string[]
}

/** A `.twb` or `.tds`, parsed. Fails for what is no XML. */
export function parseDocument(text: string): Element {
  const root: Root = fromXml(text.replace(/^\ufeff/, ''))
  return root.children.find((child) => child.type === 'element') as Element
}

/** The classes of the connections that a document's data sources have. */
export function connectionClasses(document: Element): readonly string[] {
  const classes = all(document, 'named-connection').flatMap((named) =>
    children(named, 'connection').map((connection) => connection.attributes['class'] ?? ''),
  )
  return [...new Set(classes)].filter((name) => name !== '').sort()
}

/** The data sources that read an extract, by its path within the package. */
export function boundSources(document: Element, extract: string): readonly BoundSource[] {
  const sources = document.name === 'datasource' ? [document] : all(document, 'datasource')
  const path = normalized(extract)
  return sources.flatMap((source) => {
    const connections = all(source, 'connection')
    const reads = connections.some(({ attributes }) => {
      const named = normalized(attributes['dbname'] ?? '')
      return named !== '' && (named === path || path.endsWith(`/${named}`) || named.endsWith(`/${path}`))
    })
    return reads ? [bound(document, source, connections, path)] : []
  })
}

const normalized = (path: string): string => path.replaceAll('\\', '/').toLowerCase()

function bound(document: Element, source: Element, connections: readonly Element[], path: string): BoundSource {
  const own = connections.find(
    (c) => normalized(c.attributes['dbname'] ?? '').endsWith(path) && children(c, 'metadata-records').length > 0,
  )
  const records = all(own ?? source, 'metadata-record').filter((r) => r.attributes['class'] === 'column')
  const name = source.attributes['name'] ?? ''
  return {
    caption: source.attributes['caption'] ?? source.attributes['formatted-name'] ?? name,
    field(table, column) {
      const fits = records.filter((record) => childText(record, 'remote-name') === column)
      const record = fits.find((r) => childText(r, 'parent-name') === bracketed(table)) ?? fits[0]
      return (record === undefined ? '' : childText(record, 'local-name')) || bracketed(column)
    },
    isCalculated: (field) =>
      children(source, 'column').some((c) => c.attributes['name'] === field && children(c, 'calculation').length > 0),
    uses: (field) => [...sheetUses(document, name, field), ...sourceUses(document, source, field)],
  }
}

function sheetUses(document: Element, source: string, field: string): readonly string[] {
  const sheets = all(document, 'worksheet').filter((sheet) =>
    all(sheet, 'datasource-dependencies').some(
      (part) =>
        part.attributes['datasource'] === source &&
        part.children.some(
          (c) => c.type === 'element' && (c.attributes['name'] === field || c.attributes['column'] === field),
        ),
    ),
  )
  const shown = field.slice(1, -1)
  const dashboards = all(document, 'dashboard').filter((dashboard) =>
    all(dashboard, 'zone').some(({ attributes }) => {
      const param = attributes['param'] ?? ''
      return param.startsWith(`[${source}].`) && param.includes(`:${shown}:`)
    }),
  )
  return [
    ...sheets.map((sheet) => `the sheet \`${sheet.attributes['name'] ?? ''}\``),
    ...dashboards.map((dashboard) => `a filter on the dashboard \`${dashboard.attributes['name'] ?? ''}\``),
  ]
}

function sourceUses(document: Element, source: Element, field: string): readonly string[] {
  const uses: string[] = []
  for (const child of source.children) {
    if (child.type !== 'element') continue
    const name = child.attributes['name'] ?? ''
    const caption = child.attributes['caption'] ?? name
    if (child.name === 'column' && name === field && document === source) uses.push(`the field \`${caption}\``)
    else if (child.name === 'column' && name !== field && formula(child).includes(field))
      uses.push(`the calculated field \`${caption}\``)
    else if (child.name === 'group' && mentions(child, field)) uses.push(`the group \`${caption}\``)
    else if (child.name === 'filter' && mentions(child, field)) uses.push('a filter of the data source')
    else if (child.name === 'drill-paths')
      for (const path of children(child, 'drill-path'))
        if (children(path, 'field').some((level) => text(level) === field))
          uses.push(`the hierarchy \`${path.attributes['name'] ?? ''}\``)
  }
  return uses
}

const formula = (column: Element): string =>
  children(column, 'calculation')
    .map((calculation) => `${calculation.attributes['formula'] ?? ''} ${calculation.attributes['column'] ?? ''}`)
    .join(' ')

function mentions(element: Element, field: string): boolean {
  if (Object.values(element.attributes).some((value) => value?.includes(field) === true)) return true
  return element.children.some((child) => child.type === 'element' && mentions(child, field))
}

const children = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child): child is Element => child.type === 'element' && child.name === name)

function all(element: Element, name: string): readonly Element[] {
  const found: Element[] = []
  const walk = (parent: Element): void => {
    for (const child of parent.children) {
      if (child.type !== 'element') continue
      if (child.name === name) found.push(child)
      walk(child)
    }
  }
  walk(element)
  return found
}

const text = (element: Element): string =>
  element.children.map((child) => (child.type === 'text' || child.type === 'cdata' ? child.value : '')).join('')

const childText = (element: Element, name: string): string => {
  const child = children(element, name)[0]
  return child === undefined ? '' : text(child)
}
