import { nothingInLegend, notShown, oneAxis, sheetOutside, sheetRepeated } from './errors.ts'
import { isMeasure } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Dashboard, Field, LayoutItem, Sheet } from './workbook-spec.ts'

/** Reports what a sheet says of fields that it does not show: nothing would come of it. */
export function checkSheetShows(reader: WorkbookReader, sheet: Sheet): void {
  const axes = [...sheet.columns, ...sheet.rows, ...sheet.values].filter(isMeasure)
  for (const { field } of sheet.referenceLines)
    if (!axes.some((other) => isSame(field, other)))
      reader.report(
        notShown(
          { what: 'a reference line', field: field.text, sheets: [sheet.name], known: axes.map((axis) => axis.text) },
          { span: field.span },
        ),
      )
  const most = Math.max(...[sheet.columns, sheet.rows].map((shelf) => shelf.filter(isMeasure).length))
  if (sheet.dualAxis && most < 2) reader.report(oneAxis({ sheet: sheet.name }, { span: sheet.span }))
}

/** Reports what boxes and actions of a dashboard name and its sheets do not have. Sheets with mistakes are not in `sheets`. */
export function checkDashboardShows(reader: WorkbookReader, dashboard: Dashboard, sheets: readonly Sheet[]): void {
  for (const layout of [dashboard.layout, ...(dashboard.phone === null ? [] : [dashboard.phone.layout])])
    checkLayout(reader, { dashboard, sheets, layout })
  for (const action of dashboard.actions) {
    if (action.kind === 'url') continue
    const from = sheets.filter(({ name }) => action.from.includes(name))
    // One with mistakes may show anything.
    if (from.length < new Set(action.from).size) continue
    const known = [...new Set(from.flatMap(shownBy).flatMap(columnsOf))]
    const what = `the action \`${action.name}\``
    for (const field of action.fields.filter((name) => !known.includes(name)))
      reader.report(notShown({ what, field, sheets: from.map(({ name }) => name), known }, { span: action.span }))
  }
}

function checkLayout(
  reader: WorkbookReader,
  at: { readonly dashboard: Dashboard; readonly sheets: readonly Sheet[]; readonly layout: LayoutItem },
): void {
  const { name } = at.dashboard
  const boxes = boxesOf(at.layout)
  const seen = new Set<string>()
  for (const box of boxes) {
    if (box.kind !== 'sheet') continue
    if (seen.has(box.sheet)) reader.report(sheetRepeated({ sheet: box.sheet, dashboard: name }, { span: box.span }))
    seen.add(box.sheet)
  }
  for (const box of boxes) {
    if (box.kind !== 'legend') continue
    const sheet = at.sheets.find((other) => other.name === box.sheet)
    if (!seen.has(box.sheet))
      reader.report(sheetOutside({ what: 'a legend', sheet: box.sheet, dashboard: name }, { span: box.span }))
    else if (sheet !== undefined && (box.of === 'color' ? sheet.color.kind !== 'field' : sheet.size === null))
      reader.report(nothingInLegend({ sheet: box.sheet, of: box.of }, { span: box.span }))
  }
}

const boxesOf = (item: LayoutItem): readonly LayoutItem[] =>
  item.kind === 'stack' ? [item, ...item.items.flatMap(boxesOf)] : [item]

/** The fields that make or colour the marks of a sheet. */
function shownBy({ columns, rows, values, location, color, size, labels, detail }: Sheet): readonly Field[] {
  const places =
    location === null ? [] : location.kind === 'area' ? location.fields : [location.latitude, location.longitude]
  const marks = [...(color.kind === 'field' ? [color.field] : []), ...(size === null ? [] : [size])]
  return [...columns, ...rows, ...values, ...places, ...marks, ...labels, ...detail]
}

function columnsOf({ value }: Field): readonly string[] {
  if (value.kind === 'column' || value.kind === 'date') return [value.column]
  return value.kind === 'calculation' ? [value.name] : []
}

const isSame = (one: Field, other: Field): boolean => JSON.stringify(one.value) === JSON.stringify(other.value)
