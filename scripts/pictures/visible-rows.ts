import { isMeasure } from '../../src/config/exports/workbook/read-field.ts'
import type { Filter, Sheet } from '../../src/config/exports/workbook/workbook-spec.ts'
import { dimensionValue } from './dimension-value.ts'
import type { Cell, MartTable, Row } from './mart-table.ts'
import { measureValue } from './measure-value.ts'

/** The rows that a sheet shows: those of its own filters and of `shared` ones. Filters of measures look at its marks. */
export function visibleRows(sheet: Sheet, { rows, measures }: MartTable, shared: readonly Filter[]): readonly Row[] {
  const filters = [...shared, ...sheet.filters]
  const plain = filters.filter(({ field }) => !isMeasure(field))
  let kept = rows
  for (const filter of plain) if (filter.rule.kind !== 'top') kept = kept.filter((row) => passes(filter, row))
  for (const { field, rule } of plain) {
    if (rule.kind !== 'top') continue
    const groups = [...groupRows(kept, (row) => dimensionValue(field, row)).entries()]
    const valued = groups.map(([key, of]) => ({ key, value: measureValue(rule.by, of, measures) ?? -Infinity }))
    valued.sort((a, b) => (rule.end === 'top' ? b.value - a.value : a.value - b.value))
    const chosen = new Set(valued.slice(0, rule.count).map(({ key }) => key))
    kept = kept.filter((row) => chosen.has(dimensionValue(field, row)))
  }
  const dimensions = dimensionsOf(sheet)
  for (const { field, rule } of filters) {
    if (!isMeasure(field) || rule.kind !== 'range') continue
    const marks = groupRows(kept, (row) => JSON.stringify(dimensions.map((d) => dimensionValue(d, row))))
    kept = [...marks.values()].flatMap((mark) => (inRange(measureValue(field, mark, measures), rule) ? mark : []))
  }
  return kept
}

export function groupRows<K>(rows: readonly Row[], keyOf: (row: Row) => K): ReadonlyMap<K, readonly Row[]> {
  const groups = new Map<K, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

/** What splits a sheet into marks. */
function dimensionsOf(sheet: Sheet): readonly Filter['field'][] {
  const color = sheet.color.kind === 'field' ? [sheet.color.field] : []
  const places = sheet.location?.kind === 'area' ? sheet.location.fields : []
  return [...sheet.columns, ...sheet.rows, ...sheet.detail, ...color, ...places].filter((field) => !isMeasure(field))
}

function passes({ field, rule }: Filter, row: Row): boolean {
  const value = dimensionValue(field, row)
  switch (rule.kind) {
    case 'values':
      return rule.values.includes(value) !== rule.exclude
    case 'range':
      return inRange(value, rule)
    case 'last':
      throw new Error('a picture knows no today: give the filter a `range`')
    default:
      return true
  }
}

function inRange(value: Cell, { from, to }: { readonly from: Cell; readonly to: Cell }): boolean {
  return value !== null && (from === null || value >= from) && (to === null || value <= to)
}
