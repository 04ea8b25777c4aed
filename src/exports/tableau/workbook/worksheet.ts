import type { Element } from 'xast'
import { x } from 'xastscript'
import { isMeasure } from '../../../config/exports/workbook/read-field.ts'
import type { Sheet, SheetKind, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { simpleId } from '../stable-id.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { axisSheet } from './axis-sheet.ts'
import { measureColors } from './color-encoding.ts'
import { formattedText } from './formatted-text.ts'
import { funnelSheet } from './funnel-sheet.ts'
import { intervalSheet } from './interval-sheet.ts'
import { kpiSheet } from './kpi-sheet.ts'
import { mapSheet } from './map-sheet.ts'
import { referenceLine } from './reference-lines.ts'
import type { SharedFilter } from './shared-filters.ts'
import { SheetFields } from './sheet-fields.ts'
import { sheetFilter } from './sheet-filters.ts'
import type { PaneParts, SheetContext, SheetParts } from './sheet-parts.ts'
import { sheetSort } from './sheet-sorts.ts'
import { sheetStyle } from './sheet-style.ts'
import { mergedRules, styleRule } from './style-rule.ts'
import { highlightSheet, textSheet } from './table-sheet.ts'

const BUILDERS: { readonly [k in SheetKind]: (context: SheetContext) => SheetParts } = {
  line: axisSheet,
  area: axisSheet,
  bar: axisSheet,
  scatter: axisSheet,
  map: mapSheet,
  text: textSheet,
  kpi: kpiSheet,
  highlight: highlightSheet,
  funnel: funnelSheet,
  interval: intervalSheet,
}

export interface WorksheetRequest {
  readonly sheet: Sheet
  readonly spec: WorkbookSpec
  readonly source: TableauDataSource
  /** Those that dashboards share between sheets. */
  readonly shared: readonly SharedFilter[]
  /** What ids are made of, besides the sheet's name. */
  readonly identity: readonly string[]
}

export function worksheetElement(request: WorksheetRequest): Element {
  const { sheet, spec, source } = request
  const fields = new SheetFields(source)
  const context = { sheet, spec, fields }
  const parts = BUILDERS[sheet.kind](context)
  const filters = [
    ...parts.filters,
    ...request.shared.map(({ filter, group }) => {
      // A dashboard that only offers a filter leaves the sheet the one that it has itself.
      const own = sheet.filters.find((f) => f.field.text === filter.field.text)
      return sheetFilter(filter.rule.kind === 'all' && own !== undefined ? own : filter, group, fields)
    }),
    ...sheet.filters
      .filter((own) => !request.shared.some((shared) => shared.filter.field.text === own.field.text))
      .map((own) => sheetFilter(own, null, fields)),
  ]
  const sorts = [...parts.sorts, ...sheet.sorts.map((sort) => sheetSort(sort, fields))]
  const lines = sheet.referenceLines.map((line, i) => referenceLine(line, i, fields, spec.theme))
  const title = titleElement(context)
  const panes = parts.panes.map((pane, i) =>
    paneElement(
      pane,
      i,
      context,
      lines.map((line) => line.element),
    ),
  )
  const rules = mergedRules([
    ...sheetStyle(sheet, spec.theme),
    ...parts.rules,
    ...styleRule(
      'refline',
      lines.flatMap((line) => line.formats),
    ),
    ...styleRule('mark', colorStyle(context)),
  ])
  return x('worksheet', { name: sheet.name }, [
    x('layout-options', [
      title,
      ...(sheet.description === '' ? [] : [x('caption', [x('formatted-text', [x('run', sheet.description)])])]),
    ]),
    x('table', [
      x('view', [
        x('datasources', [x('datasource', { caption: source.caption, name: source.name })]),
        ...(parts.map ? [x('mapsources', [x('mapsource', { name: 'Tableau' })])] : []),
        fields.dependencies(),
        ...filters.map((filter) => filter.element),
        ...sorts,
        ...(filters.length === 0
          ? []
          : [
              x(
                'slices',
                [...new Set(filters.map((filter) => filter.ref))].map((ref) => x('column', ref)),
              ),
            ]),
        x('aggregation', { value: 'true' }),
      ]),
      x('style', rules),
      x('panes', panes),
      x('rows', sheet.totals.columns ? { total: 'true' } : {}, [parts.rows]),
      x('cols', sheet.totals.rows ? { total: 'true' } : {}, [parts.columns]),
    ]),
    x('simple-id', { uuid: simpleId([...request.identity, 'sheet', sheet.name]) }),
  ])
}

function titleElement({ sheet, spec, fields }: SheetContext): Element {
  const { theme } = spec
  const style = { size: theme.titleSize, color: theme.text, bold: true, align: 'left' } as const
  const text = sheet.title ?? { parts: [sheet.name], size: null, color: null, bold: null, align: null }
  return x('title', [formattedText(text, style, theme, fields)])
}

function paneElement(pane: PaneParts, at: number, context: SheetContext, lines: readonly Element[]): Element {
  const { sheet, spec, fields } = context
  const { theme } = spec
  const tooltip = sheet.tooltip
  const known = new Set(pane.encodings.map((encoding) => encoding.ref))
  const extra = (tooltip?.parts ?? [])
    .flatMap((part) => (typeof part === 'string' ? [] : [fields.pill(part).ref]))
    .filter((ref) => !known.has(ref))
  const encodings = [...pane.encodings, ...[...new Set(extra)].map((ref) => ({ shelf: 'tooltip', ref }) as const)]
  const axis: Record<string, string> = {}
  if (pane.axis !== null) axis[pane.axis.shelf === 'rows' ? 'y-axis-name' : 'x-axis-name'] = pane.axis.pill.ref
  const plain = { size: theme.fontSize, color: theme.text, bold: false, align: 'left' } as const
  return x(
    'pane',
    {
      ...(at === 0 ? {} : { id: String(at) }),
      'selection-relaxation-option': 'selection-relaxation-allow',
      ...axis,
    },
    [
      x('view', [x('breakdown', { value: pane.stacking })]),
      x('mark', { class: pane.mark }),
      ...(encodings.length === 0
        ? []
        : [
            x(
              'encodings',
              [...encodings].map(({ shelf, ref }) => x(shelf, { column: ref })),
            ),
          ]),
      ...(at === 0 ? lines : []),
      ...(tooltip === null ? [] : [x('customized-tooltip', [formattedText(tooltip, plain, theme, fields)])]),
      ...(pane.label === null ? [] : [x('customized-label', [pane.label])]),
      x('style', styleRule('mark', pane.markFormats)),
    ],
  )
}

/** Colours of categories stand in the data source; those of a measure in the sheet. */
function colorStyle({ sheet, spec, fields }: SheetContext): Element[] {
  if (sheet.color.kind !== 'field') return []
  const pill = fields.pill(sheet.color.field)
  return pill.continuous || isMeasure(sheet.color.field) ? [measureColors(sheet.color, pill, spec)] : []
}
