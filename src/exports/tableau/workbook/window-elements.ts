import type { Element } from 'xast'
import { x } from 'xastscript'
import type {
  Dashboard,
  LayoutItem,
  Sheet,
  SheetFit,
  WorkbookSpec,
} from '../../../config/exports/workbook/workbook-spec.ts'
import { simpleId } from '../stable-id.ts'

const ZOOMS: { readonly [f in SheetFit]: string | null } = {
  entire: 'entire-view',
  width: 'fit-width',
  height: 'fit-height',
  standard: null,
}

/** `<windows>`: dashboards first; sheets that stand on one have no tab of their own. */
export function windowsElement(spec: WorkbookSpec, identity: readonly string[]): Element {
  const onDashboards = new Set(
    spec.dashboards.flatMap((dashboard) => placedSheets(dashboard.layout).map(({ sheet }) => sheet)),
  )
  return x('windows', { 'saved-dpi-scale-factor': '1', 'source-height': '30' }, [
    ...spec.dashboards.map((dashboard, i) => dashboardWindow(dashboard, i === 0, identity)),
    ...spec.sheets.map((sheet, i) =>
      sheetWindow(sheet, {
        hidden: onDashboards.has(sheet.name),
        first: i === 0 && spec.dashboards.length === 0,
        identity,
      }),
    ),
  ])
}

function placedSheets(item: LayoutItem): readonly { readonly sheet: string; readonly fit: SheetFit }[] {
  if (item.kind === 'sheet') return [{ sheet: item.sheet, fit: item.fit }]
  return item.kind === 'stack' ? item.items.flatMap(placedSheets) : []
}

function dashboardWindow(dashboard: Dashboard, first: boolean, identity: readonly string[]): Element {
  const sheets = new Map(placedSheets(dashboard.layout).map(({ sheet, fit }) => [sheet, fit]))
  return x('window', { class: 'dashboard', maximized: first ? 'true' : null, name: dashboard.name }, [
    x(
      'viewpoints',
      [...sheets].map(([name, fit]) => x('viewpoint', { name }, zoom(ZOOMS[fit]))),
    ),
    x('active', { id: '-1' }),
    x('simple-id', { uuid: simpleId([...identity, 'window', dashboard.name]) }),
  ])
}

const zoom = (type: string | null): Element[] => (type === null ? [] : [x('zoom', { type })])

const card = (type: string): Element => x('card', { type })

function sheetWindow(
  sheet: Sheet,
  {
    hidden,
    first,
    identity,
  }: { readonly hidden: boolean; readonly first: boolean; readonly identity: readonly string[] },
): Element {
  const strip = (size: string, types: readonly string[]): Element => x('strip', { size }, types.map(card))
  return x(
    'window',
    { class: 'worksheet', hidden: hidden ? 'true' : null, maximized: first ? 'true' : null, name: sheet.name },
    [
      x('cards', [
        x('edge', { name: 'left' }, [strip('160', ['pages', 'filters', 'marks'])]),
        x('edge', { name: 'top' }, [
          strip('2147483647', ['columns']),
          strip('2147483647', ['rows']),
          strip('31', ['title']),
        ]),
      ]),
      x('viewpoint', zoom('entire-view')),
      x('simple-id', { uuid: simpleId([...identity, 'window', sheet.name]) }),
    ],
  )
}
