import { UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { isReserved, normal } from '../load/header.ts'
import { badFormat, unknownKeyColumn } from '../load/load-errors.ts'
import { strftimeFormats } from '../load/strftime-format.ts'
import type { ValueFormat } from '../load/value-sql.ts'
import type { LoadRequest } from '../load.ts'
import type { DuplicateRule } from './deduplicate.ts'

/** How the values of a source are written. Raises `UserError` for a format that nobody understands. */
export function valueFormat(request: LoadRequest): ValueFormat {
  const { files } = request
  return {
    decimal: files.decimal,
    thousands: files.thousands,
    dateFormats: files.dateFormats.flatMap((format) => patterns(format, 'date', files.span)),
    timestampFormats: files.timestampFormats.flatMap((format) => patterns(format, 'timestamp', files.span)),
    nullWords: files.nullValues.filter((word) => word !== ''),
  }
}

function patterns(format: string, kind: 'date' | 'timestamp', span: Span): readonly string[] {
  const found = strftimeFormats(format, kind)
  if (found === undefined) throw new UserError(badFormat({ format, reason: 'it has an unknown part' }, { span }))
  return found
}

/** Which rows of the source are the same; `columns` are those of all tables that are compared. Undefined when none is. Raises `UserError` for a key that is no column. */
export function duplicateRule(request: LoadRequest, columns: readonly string[]): DuplicateRule | undefined {
  const { deduplicate, span } = request.files
  if (deduplicate === 'none') return undefined
  const all = [...new Map(columns.filter((name) => !isReserved(name)).map((name) => [normal(name), name])).values()]
  if (deduplicate === 'exact') return { columns: all, nullsDiffer: false }
  const keys = deduplicate.map((key) => {
    const column = all.find((name) => name === key) ?? all.find((name) => normal(name) === normal(key))
    if (column === undefined) throw new UserError(unknownKeyColumn({ column: key, columns: all }, { span }))
    return column
  })
  return { columns: keys, nullsDiffer: true }
}
