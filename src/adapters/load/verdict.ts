import type { Diagnostic, Place } from '../../base/diagnostic.ts'
import type { LoadRequest } from '../load.ts'
import { normal } from './header.ts'
import { badRow, tooManyBadRows } from './load-errors.ts'
import type { RefusedRows } from './refused-rows.ts'

/** Errors for refused rows, when there are more than the source allows. */
export function badRowDiagnostics(request: LoadRequest, refused: RefusedRows, input: number): readonly Diagnostic[] {
  const first = refused.first
  if (first === undefined) return []
  const { onBadRows, maxBadRows } = request.files
  const place = firstPlace(request, refused)
  const reason = first.column === undefined ? first.reason : `${first.reason} (column \`${first.column}\`)`
  if (onBadRows === 'fail') return [badRow({ reason, count: refused.count }, place)]
  // 29 % of 100 rows are 29, which binary fractions miss by a hair.
  const allowed = 'rows' in maxBadRows ? maxBadRows.rows : Number((maxBadRows.share * input).toPrecision(12))
  if (refused.count <= allowed) return []
  const limit = 'rows' in maxBadRows ? String(maxBadRows.rows) : `${Number((maxBadRows.share * 100).toPrecision(10))}%`
  const quarantine = `${request.quarantine.schema}.${request.quarantine.identifier}`
  return [tooManyBadRows({ bad: refused.count, input, limit, reason, quarantine }, place)]
}

/** The row in its file, and where YAML declares its column. */
function firstPlace(request: LoadRequest, refused: RefusedRows): Place {
  const column = request.columns.find((c) => normal(c.name) === normal(refused.first?.column ?? ''))
  const text = column?.dataType === undefined ? 'declared here' : `declared as \`${column.dataType}\` here`
  return { data: refused.firstPlace, ...(column === undefined ? {} : { labels: [{ span: column.span, text }] }) }
}
