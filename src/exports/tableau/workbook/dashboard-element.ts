import type { Element } from 'xast'
import { x } from 'xastscript'
import type {
  Dashboard,
  DashboardSize,
  LayoutItem,
  Sheet,
  WorkbookSpec,
} from '../../../config/exports/workbook/workbook-spec.ts'
import { simpleId } from '../stable-id.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import type { SharedFilter } from './shared-filters.ts'
import { SheetFields } from './sheet-fields.ts'
import { sheetFilter } from './sheet-filters.ts'
import { format, styleRule } from './style-rule.ts'
import { type ZoneContext, zoneElement } from './zone-element.ts'
import { pageOf, placeBoxes } from './zone-tree.ts'

export interface DashboardRequest {
  readonly dashboard: Dashboard
  readonly spec: WorkbookSpec
  readonly shared: readonly SharedFilter[]
  sourceOf(sheet: Sheet): TableauDataSource
  imagePath(path: string): string
  readonly corners: number | null
  readonly identity: readonly string[]
}

export function dashboardElement(request: DashboardRequest): Element {
  const { dashboard, spec } = request
  const used = new Map<string, SheetFields>()
  const fieldsOf = (name: string): { readonly sheet: Sheet; readonly fields: SheetFields } => {
    const sheet = spec.sheets.find((s) => s.name === name)!
    const source = request.sourceOf(sheet)
    const fields = used.get(source.name) ?? new SheetFields(source)
    used.set(source.name, fields)
    return { sheet, fields }
  }
  let id = 2
  const context = (page: ZoneContext['page']): ZoneContext => ({
    spec,
    page,
    corners: request.corners,
    nextId: () => String(id++),
    filterCard: (at) => {
      const filter = dashboard.filters[at]!
      const sheet = filter.sheets[0]!
      return { ref: sheetFilter(filter, null, fieldsOf(sheet).fields).ref, sheet }
    },
    legendField: (name, of) => {
      const { sheet, fields } = fieldsOf(name)
      const field = of === 'size' ? sheet.size : sheet.color.kind === 'field' ? sheet.color.field : null
      return field === null ? null : fields.pill(field).ref
    },
    imagePath: request.imagePath,
  })
  const background = dashboard.background ?? spec.theme.background
  const page = pageOf(dashboard.size)
  const zones = zonesElement(dashboard.layout, page, context(page), '1')
  const phone = dashboard.phone
  const phonePage = { width: 375, height: phone?.height ?? 0 }
  const phoneZones =
    phone === null
      ? []
      : [
          x('devicelayouts', [
            x('devicelayout', { name: 'Phone' }, [
              x('size', {
                maxheight: String(phone.height),
                minheight: String(phone.height),
                'sizing-mode': 'vscroll',
              }),
              zonesElement(phone.layout, phonePage, context(phonePage), String(id++)),
            ]),
          ]),
        ]
  const sources = [...used.values()].sort((a, b) => (a.source.name < b.source.name ? -1 : 1))
  return x('dashboard', { name: dashboard.name }, [
    x('style', styleRule('table', [format('background-color', background)])),
    sizeElement(dashboard.size),
    ...(sources.length === 0
      ? []
      : [
          x(
            'datasources',
            sources.map(({ source }) => x('datasource', { caption: source.caption, name: source.name })),
          ),
          ...sources.map((fields) => fields.dependencies()),
        ]),
    zones,
    ...phoneZones,
    x('simple-id', { uuid: simpleId([...request.identity, 'dashboard', dashboard.name]) }),
  ])
}

function zonesElement(layout: LayoutItem, page: ZoneContext['page'], context: ZoneContext, id: string): Element {
  const whole = { x: 0, y: 0, width: page.width, height: page.height }
  const { spec } = context
  const edge = spec.theme.gap
  const inner = { x: edge, y: edge, width: page.width - 2 * edge, height: page.height - 2 * edge }
  return x('zones', [
    x('zone', { h: '100000', id, 'type-v2': 'layout-basic', w: '100000', x: '0', y: '0' }, [
      zoneElement(placeBoxes(asStack(layout), whole.width > 2 * edge ? inner : whole, spec.theme), context),
      x('zone-style', [
        format('border-color', '#000000'),
        format('border-style', 'none'),
        format('border-width', 0),
        format('margin', edge),
      ]),
    ]),
  ])
}

/** Tableau wants a container below the root. */
function asStack(item: LayoutItem): LayoutItem {
  if (item.kind === 'stack') return item
  const { span } = item
  return {
    kind: 'stack',
    direction: 'rows',
    items: [item],
    fixed: null,
    weight: 1,
    background: null,
    padding: null,
    margin: null,
    border: null,
    span,
  }
}

function sizeElement(size: DashboardSize): Element {
  if (size.kind === 'automatic') return x('size', { 'sizing-mode': 'automatic' })
  const [minWidth, minHeight, maxWidth, maxHeight] =
    size.kind === 'fixed'
      ? [size.width, size.height, size.width, size.height]
      : [size.minWidth, size.minHeight, size.maxWidth, size.maxHeight]
  return x('size', {
    maxheight: String(maxHeight),
    maxwidth: String(maxWidth),
    minheight: String(minHeight),
    minwidth: String(minWidth),
    'sizing-mode': size.kind,
  })
}
