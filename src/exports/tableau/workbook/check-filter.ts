import type { Diagnostic } from '../../../base/diagnostic.ts'
import type { Filter } from '../../../config/exports/workbook/workbook-spec.ts'
import type { TableauDatatype, TableauField } from '../field.ts'
import { filterMisfit } from './errors.ts'

/** Whether a filter's rule fits what its field holds; `column`: its column, undefined for measures and calculations. */
export function checkFilter({ field, rule, span }: Filter, column: TableauField | undefined): Diagnostic | undefined {
  const { value } = field
  // The part of a date is a number, and so is a measure.
  const isNumber = value.kind === 'measure' || (value.kind === 'date' && !value.truncated)
  const datatype: TableauDatatype | undefined = isNumber ? 'real' : column?.datatype
  if (datatype === undefined) return undefined
  const isDate = datatype === 'date' || datatype === 'datetime'
  const misfit = (needs: string) => filterMisfit({ rule: rule.kind, needs, field: field.text, datatype }, { span })
  if (rule.kind === 'last') return isDate ? undefined : misfit('a date')
  if (rule.kind !== 'range') return undefined
  if (typeof (rule.from ?? rule.to) === 'string') return isDate ? undefined : misfit('a date')
  return datatype === 'integer' || datatype === 'real' ? undefined : misfit('a number')
}
