import type { Element } from 'xast'
import { x } from 'xastscript'
import type { DateLevel, Filter } from '../../../config/exports/workbook/workbook-spec.ts'
import { valueText } from '../field.ts'
import { expressionOf, formulaText } from './generated-calculations.ts'
import type { Pill, SheetFields } from './sheet-fields.ts'

/** A filter as a sheet has it, with its place in `slices`. */
export interface SheetFilter {
  readonly element: Element
  readonly ref: string
}

/** `group`: the number that sheets with the same filter share; null: the sheet's own. */
export function sheetFilter(filter: Filter, group: number | null, fields: SheetFields): SheetFilter {
  const { rule } = filter
  const ranged = rule.kind === 'range' || rule.kind === 'last'
  const pill = fields.pill(
    ranged && filter.field.discrete === null ? { ...filter.field, discrete: false } : filter.field,
    ranged ? 'axis' : 'header',
  )
  const shared = group === null ? {} : { 'filter-group': String(group) }
  const quantitative = pill.continuous && rule.kind !== 'last'
  return {
    ref: pill.ref,
    element: quantitative
      ? x(
          'filter',
          { class: 'quantitative', column: pill.ref, ...shared, 'included-values': included(rule) },
          ends(rule, pill),
        )
      : rule.kind === 'last'
        ? relative(rule, pill, shared)
        : x('filter', { class: 'categorical', column: pill.ref, ...shared }, [groupFilter(filter, pill, fields)]),
  }
}

function included(rule: Filter['rule']): string {
  return rule.kind === 'range' ? 'in-range' : 'all'
}

function ends(rule: Filter['rule'], pill: Pill): Element[] {
  if (rule.kind !== 'range') return []
  const end = (name: 'min' | 'max', value: number | string | null): Element[] =>
    value === null ? [] : [x(name, typeof value === 'number' ? String(value) : dateText(value, pill))]
  return [...end('min', rule.from), ...end('max', rule.to)]
}

const dateText = (value: string, pill: Pill): string =>
  valueText(value, pill.field.datatype === 'datetime' ? 'datetime' : 'date')

const PERIODS: { readonly [l in DateLevel]: string } = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  hour: 'hour',
  minute: 'minute',
}

function relative(
  rule: Extract<Filter['rule'], { kind: 'last' }>,
  pill: Pill,
  shared: Record<string, string>,
): Element {
  return x('filter', {
    class: 'relative-date',
    column: pill.ref,
    ...shared,
    'first-period': String(1 - rule.count),
    'include-future': 'false',
    'include-null': 'false',
    'last-period': '0',
    ...(rule.until === null ? {} : { 'period-anchor': `#${rule.until}#` }),
    'period-type-v2': PERIODS[rule.period],
  })
}

function groupFilter(filter: Filter, pill: Pill, fields: SheetFields): Element {
  const { rule } = filter
  const level = pill.instance.name
  const members = (more: Record<string, string> = {}): Element =>
    x('groupfilter', { function: 'level-members', level, ...more })
  if (rule.kind === 'values') {
    const each = rule.values.map((value) =>
      x('groupfilter', {
        function: 'member',
        level,
        member: value === null ? '%null%' : memberText(value, pill),
      }),
    )
    const enumeration = { 'user:ui-domain': 'database', 'user:ui-marker': 'enumerate' }
    if (rule.exclude)
      return x('groupfilter', { function: 'except', ...enumeration, 'user:ui-enumeration': 'exclusive' }, [
        members(),
        each.length === 1 ? each[0]! : x('groupfilter', { function: 'union' }, each),
      ])
    if (each.length > 1)
      return x('groupfilter', { function: 'union', ...enumeration, 'user:ui-enumeration': 'inclusive' }, each)
    const [one] = each
    return x('groupfilter', { ...one!.attributes, ...enumeration, 'user:ui-enumeration': 'inclusive' })
  }
  const all = members({ 'user:ui-enumeration': 'all', 'user:ui-marker': 'enumerate' })
  if (rule.kind !== 'top') return all
  const expression = expressionOf(rule.by)
  fields.pill(rule.by)
  return x(
    'groupfilter',
    {
      count: String(rule.count),
      end: rule.end,
      function: 'end',
      units: 'records',
      'user:ui-marker': 'end',
      'user:ui-top-by-field': 'true',
    },
    [
      x(
        'groupfilter',
        {
          direction: rule.end === 'top' ? 'DESC' : 'ASC',
          expression: expression === undefined ? '' : formulaText(expression),
          function: 'order',
          'user:ui-marker': 'order',
        },
        [all],
      ),
    ],
  )
}

/** Parts of dates are numbers; a date itself stands between `#`. */
function memberText(value: string | number | boolean, pill: Pill): string {
  const part = pill.use.value.kind === 'date' && !pill.use.value.truncated
  return part ? String(value) : valueText(value, pill.field.datatype)
}

/** Which measures stand in for `Measure Values`. */
export function measureNamesFilter(measures: readonly Pill[], fields: SheetFields): SheetFilter {
  const ref = fields.special('Measure Names')
  return {
    ref,
    element: x('filter', { class: 'categorical', column: ref }, [
      x(
        'groupfilter',
        { function: 'union', 'user:op': 'manual' },
        measures.map((pill) =>
          x('groupfilter', { function: 'member', level: '[:Measure Names]', member: `"${pill.ref}"` }),
        ),
      ),
    ]),
  }
}
