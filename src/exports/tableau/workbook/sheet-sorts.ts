import type { Element } from 'xast'
import { x } from 'xastscript'
import type { Sort } from '../../../config/exports/workbook/workbook-spec.ts'
import { valueText } from '../field.ts'
import type { SheetFields } from './sheet-fields.ts'

export function sheetSort(sort: Sort, fields: SheetFields): Element {
  const pill = fields.pill(sort.field)
  const column = pill.ref
  const { rule } = sort
  if (rule.kind === 'by')
    return x('computed-sort', {
      column,
      direction: rule.descending ? 'DESC' : 'ASC',
      using: fields.pill(rule.by).ref,
    })
  if (rule.kind === 'manual')
    return x('manual-sort', { column, direction: 'ASC' }, [
      x(
        'dictionary',
        rule.order.map((value) => x('bucket', valueText(value, pill.field.datatype))),
      ),
    ])
  const direction = rule.descending ? 'DESC' : 'ASC'
  return x(pill.field.datatype === 'string' ? 'alphabetic-sort' : 'natural-sort', { column, direction })
}
