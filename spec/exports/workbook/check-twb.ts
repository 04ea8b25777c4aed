import { fromXml } from 'xast-util-from-xml'

type Element = Extract<ReturnType<typeof fromXml>['children'][number], { type: 'element' }>

/**
 * What Tableau's schema cannot say of a workbook: that names mean something. Returns what is wrong, in words; empty:
 * nothing. Knows documents only, not how they were made.
 */
export function brokenNames(document: string): readonly string[] {
  const root = fromXml(document).children.find((node): node is Element => node.type === 'element')!
  return [
    ...new Set([
      ...dataSources(root),
      ...sheets(root),
      ...dashboards(root),
      ...windows(root),
      ...actions(root),
      ...ids(root),
    ]),
  ]
}

function all(root: Element, name: string): Element[] {
  const found: Element[] = []
  const walk = (element: Element): void => {
    for (const child of element.children)
      if (child.type === 'element') {
        if (child.name === name) found.push(child)
        walk(child)
      }
  }
  walk(root)
  return found
}

const children = (element: Element | undefined, name: string): Element[] =>
  (element?.children ?? []).filter((child): child is Element => child.type === 'element' && child.name === name)
const child = (element: Element | undefined, name: string): Element | undefined => children(element, name)[0]
const text = (element: Element | undefined): string =>
  (element?.children ?? []).map((c) => (c.type === 'text' || c.type === 'cdata' ? c.value : '')).join('')
const attr = (element: Element, name: string): string => String(element.attributes[name] ?? '')

/** `[federated.x].[sum:spend:qk]` in any text: the data source and the instance, both in brackets. */
const REFERENCE = /(\[(?:[^\]]|\]\])+\])\.(\[(?:[^\]]|\]\])+\])/g
const MADE_BY_TABLEAU = new Set([
  '[:Measure Names]',
  '[Multiple Values]',
  '[Latitude (generated)]',
  '[Longitude (generated)]',
  '[Geometry (generated)]',
])

const columnsOf = (source: Element): Set<string> =>
  new Set([
    ...children(source, 'column').map((column) => attr(column, 'name')),
    ...all(source, 'local-name').map((name) => text(name)),
  ])

function sourcesOf(root: Element): Map<string, Element> {
  const [list] = children(root, 'datasources')
  return new Map(children(list, 'datasource').map((source) => [attr(source, 'name'), source]))
}

function dataSources(root: Element): string[] {
  return [...sourcesOf(root)].flatMap(([name, source]) => {
    const columns = columnsOf(source)
    const formulas = all(source, 'calculation').flatMap((calculation) =>
      [...attr(calculation, 'formula').matchAll(/\[(?:[^\]]|\]\])+\]/g)]
        .filter(([reference]) => !columns.has(reference))
        .map(([reference]) => `a formula of ${name} reads ${reference}`),
    )
    const instances = children(source, 'column-instance')
      .filter((instance) => !columns.has(attr(instance, 'column')))
      .map((instance) => `${name} has an instance of ${attr(instance, 'column')}`)
    return [...formulas, ...instances]
  })
}

/** Instances that a sheet, dashboard or list of actions declares, by data source in brackets. */
function declared(root: Element, place: Element | undefined, where: string, wrong: string[]): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>()
  for (const list of children(place, 'datasource-dependencies')) {
    const name = attr(list, 'datasource')
    const source = sourcesOf(root).get(name)
    if (source === undefined) {
      wrong.push(`${where} depends on ${name}, which is no data source`)
      continue
    }
    const columns = new Set(children(list, 'column').map((column) => attr(column, 'name')))
    const known = columnsOf(source)
    for (const column of columns)
      if (!known.has(column)) wrong.push(`${where} declares ${column}, which ${name} has not`)
    for (const calculation of all(list, 'calculation'))
      for (const [reference] of attr(calculation, 'formula').matchAll(/\[(?:[^\]]|\]\])+\]/g))
        if (!columns.has(reference)) wrong.push(`${where} declares a formula but not ${reference}`)
    const instances = children(list, 'column-instance')
    for (const instance of instances)
      if (!columns.has(attr(instance, 'column'))) wrong.push(`${where} has an instance of ${attr(instance, 'column')}`)
    out.set(`[${name}]`, new Set(instances.map((instance) => attr(instance, 'name'))))
  }
  return out
}

/** Every text of an element and all below it. */
function texts(element: Element): string[] {
  const own = Object.entries(element.attributes).flatMap(([name, value]) =>
    name === 'semantic-role' ? [] : [String(value)],
  )
  return element.children
    .flatMap((c) => (c.type === 'element' ? texts(c) : c.type === 'text' || c.type === 'cdata' ? [c.value] : []))
    .concat(own)
}

function undeclared(element: Element, known: Map<string, Set<string>>, where: string): string[] {
  return texts(element).flatMap((value) =>
    [...value.matchAll(REFERENCE)]
      .filter(([, source, instance]) => !MADE_BY_TABLEAU.has(instance!) && known.get(source!)?.has(instance!) !== true)
      .map(([whole]) => `${where} uses ${whole} without declaring it`),
  )
}

function sheets(root: Element): string[] {
  return children(child(root, 'worksheets'), 'worksheet').flatMap((sheet) => {
    const where = `the sheet ${attr(sheet, 'name')}`
    const table = child(sheet, 'table')!
    const view = child(table, 'view')!
    const wrong: string[] = []
    const known = declared(root, view, where, wrong)
    const named = new Set(
      children(child(view, 'datasources'), 'datasource').map((source) => `[${attr(source, 'name')}]`),
    )
    for (const source of known.keys()) if (!named.has(source)) wrong.push(`${where} does not name ${source}`)
    const sliced = new Set(children(child(view, 'slices'), 'column').map((column) => text(column)))
    const filtered = children(view, 'filter').map((filter) => attr(filter, 'column'))
    for (const column of filtered)
      if (!sliced.has(column)) wrong.push(`${where} filters ${column} outside of its slices`)
    if (new Set(filtered).size !== filtered.length) wrong.push(`${where} filters a field twice`)
    const shelves = text(child(table, 'rows')) + text(child(table, 'cols'))
    for (const line of all(sheet, 'reference-line'))
      if (!shelves.includes(attr(line, 'axis-column'))) wrong.push(`${where} has a line on an axis that it has not`)
    const maps = all(sheet, 'geometry').length > 0 || text(child(table, 'rows')).includes('(generated)')
    if (maps && child(view, 'mapsources') === undefined) wrong.push(`${where} is a map without a source of maps`)
    return [...wrong, ...undeclared(sheet, known, where)]
  })
}

function dashboards(root: Element): string[] {
  const names = new Set(children(child(root, 'worksheets'), 'worksheet').map((sheet) => attr(sheet, 'name')))
  return children(child(root, 'dashboards'), 'dashboard').flatMap((dashboard) => {
    const where = `the dashboard ${attr(dashboard, 'name')}`
    const wrong: string[] = []
    const known = declared(root, dashboard, where, wrong)
    const zones = all(dashboard, 'zone')
    for (const zone of zones) {
      const name = zone.attributes.name
      if (typeof name === 'string' && !names.has(name)) wrong.push(`${where} shows ${name}, which is no sheet`)
      for (const inner of children(zone, 'zone'))
        if (!contains(zone, inner))
          wrong.push(`${where}: zone ${attr(inner, 'id')} juts out of zone ${attr(zone, 'id')}`)
    }
    for (const [a, b] of overlaps(zones)) wrong.push(`${where}: zones ${a} and ${b} overlap`)
    const used = zones.map((zone) => attr(zone, 'id'))
    if (new Set(used).size !== used.length) wrong.push(`${where} has an id of zones twice`)
    return [...wrong, ...undeclared(dashboard, known, where)]
  })
}

const edges = (zone: Element): readonly [left: number, top: number, right: number, bottom: number] => {
  const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((name) => Number(attr(zone, name))) as [number, number, number, number]
  return [x, y, x + w, y + h]
}

function contains(outer: Element, inner: Element): boolean {
  const [left, top, right, bottom] = edges(outer)
  const [l, t, r, b] = edges(inner)
  return l >= left && t >= top && r <= right && b <= bottom
}

function overlaps(zones: readonly Element[]): [string, string][] {
  return zones.flatMap((zone) => {
    const inside = children(zone, 'zone')
    return inside.flatMap((a, i) =>
      inside.slice(i + 1).flatMap((b): [string, string][] => {
        const [al, at, ar, ab] = edges(a)
        const [bl, bt, br, bb] = edges(b)
        return al < br && bl < ar && at < bb && bt < ab ? [[attr(a, 'id'), attr(b, 'id')]] : []
      }),
    )
  })
}

function windows(root: Element): string[] {
  const sheetNames = children(child(root, 'worksheets'), 'worksheet').map((sheet) => attr(sheet, 'name'))
  const dashboardNames = children(child(root, 'dashboards'), 'dashboard').map((dashboard) => attr(dashboard, 'name'))
  const list = children(child(root, 'windows'), 'window')
  const wrong = list.flatMap((window) => {
    const names = attr(window, 'class') === 'dashboard' ? dashboardNames : sheetNames
    const lost = names.includes(attr(window, 'name')) ? [] : [`a window shows ${attr(window, 'name')}`]
    const points = all(window, 'viewpoint').filter(
      (point) => point.attributes.name !== undefined && point.attributes.name !== null,
    )
    return [
      ...lost,
      ...points
        .filter((point) => !sheetNames.includes(attr(point, 'name')))
        .map((point) => `a viewpoint shows ${attr(point, 'name')}`),
    ]
  })
  const shown = new Set(list.map((window) => attr(window, 'name')))
  const missing = [...sheetNames, ...dashboardNames]
    .filter((name) => !shown.has(name))
    .map((name) => `${name} has no window`)
  const visible = list.some((window) => window.attributes.hidden !== 'true') ? [] : ['no window is visible']
  return [...wrong, ...missing, ...visible]
}

function actions(root: Element): string[] {
  const list = child(root, 'actions')
  if (list === undefined) return []
  const wrong: string[] = []
  const known = declared(root, list, 'an action', wrong)
  const sheetNames = new Set(children(child(root, 'worksheets'), 'worksheet').map((sheet) => attr(sheet, 'name')))
  const dashboardNames = new Set(
    children(child(root, 'dashboards'), 'dashboard').map((dashboard) => attr(dashboard, 'name')),
  )
  for (const source of all(list, 'source')) {
    const { worksheet, dashboard } = source.attributes
    if (typeof worksheet === 'string' && !sheetNames.has(worksheet)) wrong.push(`an action starts at ${worksheet}`)
    if (typeof dashboard === 'string' && !dashboardNames.has(dashboard)) wrong.push(`an action starts on ${dashboard}`)
  }
  for (const param of all(list, 'param'))
    if (
      attr(param, 'name') === 'target' &&
      !dashboardNames.has(attr(param, 'value')) &&
      !sheetNames.has(attr(param, 'value'))
    )
      wrong.push(`an action acts on ${attr(param, 'value')}`)
  return [...wrong, ...undeclared(list, known, 'an action')]
}

function ids(root: Element): string[] {
  const uuids = all(root, 'simple-id').map((id) => attr(id, 'uuid'))
  const twice = uuids.filter((uuid, i) => uuids.indexOf(uuid) !== i).map((uuid) => `the id ${uuid} stands twice`)
  const names = all(root, 'action').map((action) => attr(action, 'name'))
  return [
    ...twice,
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `two actions are called ${name}`),
  ]
}
