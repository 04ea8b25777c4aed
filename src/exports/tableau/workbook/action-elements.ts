import type { Element } from 'xast'
import { x } from 'xastscript'
import { sheetsOf } from '../../../config/exports/workbook/read-layout.ts'
import type {
  Dashboard,
  DashboardAction,
  Field,
  Sheet,
  WorkbookSpec,
} from '../../../config/exports/workbook/workbook-spec.ts'
import { objectId } from '../stable-id.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { SheetFields } from './sheet-fields.ts'

export interface ActionRequest {
  readonly spec: WorkbookSpec
  sourceOf(sheet: Sheet): TableauDataSource
  readonly identity: readonly string[]
}

const ACTIVATIONS = { select: 'on-select', hover: 'on-hover', menu: 'explicit' } as const
const EMPTY = { keep: null, show_all: 'all', exclude_all: 'none' } as const

/** `<actions>` of a workbook with what their links read; nothing when no dashboard has one. */
export function actionElements(request: ActionRequest): Element[] {
  const used = new Map<string, SheetFields>()
  const actions = request.spec.dashboards.flatMap((dashboard) =>
    dashboard.actions.map((action, i) => actionElement(action, i, dashboard, { ...request, used })),
  )
  if (actions.length === 0) return []
  const sources = [...used.values()].sort((a, b) => (a.source.name < b.source.name ? -1 : 1))
  return [
    x('actions', [
      ...actions,
      ...(sources.length === 0
        ? []
        : [
            x(
              'datasources',
              sources.map(({ source }) => x('datasource', { caption: source.caption, name: source.name })),
            ),
            ...sources.map((fields) => fields.dependencies()),
          ]),
    ]),
  ]
}

interface ActionContext extends ActionRequest {
  readonly used: Map<string, SheetFields>
}

function actionElement(action: DashboardAction, at: number, dashboard: Dashboard, context: ActionContext): Element {
  const name = `[Action${at + 1}_${objectId([...context.identity, dashboard.name, action.name])}]`
  const clearing = action.kind === 'filter' && action.clearing === 'keep' ? null : 'true'
  return x('action', { caption: action.name, name }, [
    x('activation', { 'auto-clear': action.kind === 'url' ? null : clearing, type: ACTIVATIONS[action.on] }),
    sourceElement(action, dashboard),
    ...effect(action, dashboard, context),
  ])
}

/** One sheet is named; of several, all others of the dashboard are left out. */
function sourceElement(action: DashboardAction, dashboard: Dashboard): Element {
  const [first, second] = action.from
  if (second === undefined) return x('source', { dashboard: dashboard.name, type: 'sheet', worksheet: first! })
  const others = shown(dashboard).filter((sheet) => !action.from.includes(sheet))
  return x(
    'source',
    { dashboard: dashboard.name, type: 'sheet' },
    others.map((sheet) => x('exclude-sheet', { name: sheet })),
  )
}

const shown = (dashboard: Dashboard): readonly string[] => [...new Set(sheetsOf(dashboard.layout))]

function effect(action: DashboardAction, dashboard: Dashboard, context: ActionContext): Element[] {
  if (action.kind === 'url')
    return [x('link', { caption: '', expression: urlText(action, context), 'url-escape': 'true' })]
  const excluded = shown(dashboard).filter((sheet) => !action.to.includes(sheet))
  const target = [
    ...(excluded.length === 0 ? [] : [param('exclude', excluded.join(','))]),
    ...(action.kind === 'filter' && EMPTY[action.clearing] !== null
      ? [param('on-empty', EMPTY[action.clearing]!)]
      : []),
  ]
  if (action.kind === 'highlight') {
    const captions = action.fields.map(
      (column) => fieldsOf(action.from[0]!, context).pill(plain(column, action)).field.caption,
    )
    return [
      x('command', { command: 'tsc:brush' }, [
        ...target,
        ...(captions.length === 0 ? [] : [param('field-captions', captions.join(','))]),
        param('target', dashboard.name),
      ]),
    ]
  }
  const whole = action.fields.length === 0
  const command = x('command', { command: 'tsc:tsl-filter' }, [
    ...target,
    ...(whole ? [param('special-fields', 'all')] : []),
    param('target', dashboard.name),
  ])
  return whole ? [command] : [filterLink(action, dashboard, context), command]
}

const param = (name: string, value: string): Element => x('param', { name, value })

/** `tsl:Trends?%5Bfederated…%5D.%5Bnone:country:nk%5D~s0=<[federated…].[none:country:nk]~na>` */
function filterLink(
  action: Extract<DashboardAction, { kind: 'filter' }>,
  dashboard: Dashboard,
  context: ActionContext,
): Element {
  const fields = fieldsOf(action.from[0]!, context)
  const pairs = action.fields.map((column) => {
    const { ref } = fields.pill(plain(column, action))
    return `${encodeURIComponent(ref).replaceAll('%3A', ':')}~s0=<${ref}~na>`
  })
  return x('link', {
    caption: action.name,
    delimiter: ',',
    escape: '\\',
    expression: `tsl:${encodeURIComponent(dashboard.name)}?${pairs.join('&')}`,
    'include-null': 'true',
    'multi-select': 'true',
    'url-escape': 'true',
  })
}

function urlText(action: Extract<DashboardAction, { kind: 'url' }>, context: ActionContext): string {
  const fields = fieldsOf(action.from[0]!, context)
  return action.url.parts.map((part) => (typeof part === 'string' ? part : `<${fields.pill(part).ref}>`)).join('')
}

function fieldsOf(name: string, context: ActionContext): SheetFields {
  const source = context.sourceOf(context.spec.sheets.find((sheet) => sheet.name === name)!)
  const fields = context.used.get(source.name) ?? new SheetFields(source)
  context.used.set(source.name, fields)
  return fields
}

const plain = (column: string, action: DashboardAction): Field => ({
  value: { kind: 'column', column },
  title: null,
  format: null,
  discrete: true,
  axis: null,
  text: column,
  span: action.span,
})
