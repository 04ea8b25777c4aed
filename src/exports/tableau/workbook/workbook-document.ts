import type { Element } from 'xast'
import { x } from 'xastscript'
import type { Sheet, Theme, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { dataSourceElement, FORMAT_FEATURES } from '../datasource.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { actionElements } from './action-elements.ts'
import { palettesElement } from './category-colors.ts'
import { dashboardElement } from './dashboard-element.ts'
import { withMeasureTitles } from './measure-titles.ts'
import { sharedFilters } from './shared-filters.ts'
import { format, styleRule } from './style-rule.ts'
import { windowsElement } from './window-elements.ts'
import { worksheetElement } from './worksheet.ts'

export interface WorkbookRequest {
  readonly spec: WorkbookSpec
  /** By table; every table that a sheet names is here, with the workbook's calculations and colours among its fields. */
  readonly sources: ReadonlyMap<string, TableauDataSource>
  /** `18.1`: read by every version since 2018. `26.1`: by 2026.1 and later, with what only they know. */
  readonly version: '18.1' | '26.1'
  /** Ids come of it. */
  readonly identity: readonly string[]
  imagePath(path: string): string
}

/** The root of a `.twb` document. The same request gives the same document. */
export function workbookDocument(request: WorkbookRequest): Element {
  const { spec, identity } = request
  const sourceOf = (sheet: Sheet): TableauDataSource => sourceOfSheet(sheet, request.sources)
  const shared = sharedFilters(spec)
  const newer = request.version === '26.1'
  const mapped = spec.sheets.some((sheet) => sheet.kind === 'map')
  const sources = [...request.sources.values()].filter((source) => spec.sheets.some((s) => sourceOf(s) === source))
  return x(
    'workbook',
    {
      'original-version': request.version,
      'source-build': newer ? '2026.1.0 (20261.26.0211.1127)' : '0.0.0 (0000.0.0.0)',
      'source-platform': 'win',
      version: request.version,
      'xmlns:user': 'http://www.tableausoftware.com/xml/user',
    },
    [
      x(
        'document-format-change-manifest',
        newer
          ? [x('ManifestByVersion')]
          : [...FORMAT_FEATURES, 'SheetIdentifierTracking', 'WindowsPersistSimpleIdentifiers'].map((name) => x(name)),
      ),
      palettesElement(spec, sources),
      x('style', workbookStyle(spec.theme)),
      x(
        'datasources',
        sources.map((source) => withMeasureTitles(dataSourceElement(source), spec, source, sourceOf)),
      ),
      ...(mapped ? [x('mapsources', [x('mapsource', { name: 'Tableau' })])] : []),
      ...actionElements({ spec, sourceOf, identity }),
      x(
        'worksheets',
        spec.sheets.map((sheet) =>
          worksheetElement({
            sheet,
            spec,
            source: sourceOf(sheet),
            shared: shared.filter(({ filter }) => filter.sheets.includes(sheet.name)),
            identity,
          }),
        ),
      ),
      ...(spec.dashboards.length === 0
        ? []
        : [
            x(
              'dashboards',
              spec.dashboards.map((dashboard) =>
                dashboardElement({
                  dashboard,
                  spec,
                  shared,
                  sourceOf,
                  imagePath: request.imagePath,
                  corners: newer ? spec.theme.corners : null,
                  identity,
                }),
              ),
            ),
          ]),
      windowsElement(spec, identity),
    ],
  )
}

/** The data source of a sheet's table. */
function sourceOfSheet(sheet: Sheet, sources: ReadonlyMap<string, TableauDataSource>): TableauDataSource {
  const source = sheet.data === null ? [...sources.values()][0] : sources.get(sheet.data)
  if (source === undefined) throw new Error(`no data source for the sheet ${sheet.name}`)
  return source
}

/** What sheets and dashboards that are made later in Tableau take over. */
function workbookStyle(theme: Theme): Element[] {
  const font = format('font-family', theme.fonts[0]!)
  return [
    ...styleRule('all', [font, format('color', theme.text)]),
    ...styleRule('worksheet', [format('font-size', theme.fontSize)]),
    ...styleRule('title', [format('font-size', theme.titleSize)]),
    ...styleRule('dash-title', [format('font-size', theme.headingSize)]),
    ...styleRule('tooltip', [format('font-size', theme.fontSize)]),
  ]
}
