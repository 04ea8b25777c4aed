import type { ResultColumn } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import { UserError } from '../base/errors.ts'
import type { SortColumn } from '../config/exports/option-reader.ts'
import type { Export } from '../project/resource.ts'
import { unknownSortColumn } from './errors.ts'

/** `order by` as the options of an export say, with the columns that a relation has; empty when there are none. */
export function sorting(node: Export, columns: readonly ResultColumn[], dialect: Dialect): string {
  const keys = sortColumns(node).flatMap((wanted) => {
    const column = find(wanted, columns)
    return column === undefined ? [] : [`${dialect.identifier(column.name)}${wanted.descending ? ' desc' : ''}`]
  })
  return keys.length === 0 ? '' : ` order by ${keys.join(', ')}`
}

/** Raises `UserError` for columns of `order_by` that no relation of the export has. */
export function checkSorting(node: Export, columns: readonly ResultColumn[]): void {
  const missing = sortColumns(node).filter((wanted) => find(wanted, columns) === undefined)
  if (missing.length === 0) return
  const known = columns.map((column) => column.name)
  throw new UserError(
    missing.map(({ name, span }) => unknownSortColumn({ name, known }, { span, node: node.uniqueId })),
  )
}

function sortColumns({ choice: { options } }: Export): readonly SortColumn[] {
  return 'orderBy' in options ? options.orderBy : []
}

function find(wanted: SortColumn, columns: readonly ResultColumn[]): ResultColumn | undefined {
  return (
    columns.find((column) => column.name === wanted.name) ??
    columns.find((column) => column.name.toLowerCase() === wanted.name.toLowerCase())
  )
}
