import type { Element, ElementContent } from 'xast'
import { x } from 'xastscript'
import type { Sheet, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { SheetFields } from './sheet-fields.ts'

/**
 * Titles of measures that stand beside each other in tables: other names of Tableau's `Measure Names`. They belong to the
 * data source, so the first sheet that gives a measure a title gives it to all.
 */
export function withMeasureTitles(
  element: Element,
  spec: WorkbookSpec,
  source: TableauDataSource,
  sourceOf: (sheet: Sheet) => TableauDataSource,
): Element {
  const fields = new SheetFields(source)
  const titles = new Map<string, string>()
  for (const sheet of spec.sheets) {
    if (sheet.kind !== 'text' || sheet.values.length < 2 || sourceOf(sheet) !== source) continue
    for (const value of sheet.values) {
      const key = `"${fields.pill(value).ref}"`
      if (value.title !== null && !titles.has(key)) titles.set(key, value.title)
    }
  }
  if (titles.size === 0) return element
  const column = x('column', { datatype: 'string', name: '[:Measure Names]', role: 'dimension', type: 'nominal' }, [
    x(
      'aliases',
      [...titles].map(([key, value]) => x('alias', { key, value })),
    ),
  ])
  const at = element.children.findIndex((child) => child.type === 'element' && child.name === 'aliases') + 1
  const children: ElementContent[] = [...element.children.slice(0, at), column, ...element.children.slice(at)]
  return { ...element, children }
}
