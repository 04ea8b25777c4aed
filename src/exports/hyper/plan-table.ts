import type { Dialect } from '../../adapters/dialect.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import type { HyperOptions } from '../../config/exports/hyper-options.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'
import { hyperColumnOmitted, hyperNoColumns, hyperScale } from './errors.ts'
import type { HyperTable } from './hyper-sql.ts'
import { type HyperTypeRule, hyperType } from './hyper-type.ts'

/** A column that is written, with its rule. */
export interface PlannedColumn {
  readonly column: ExportColumn
  readonly rule: HyperTypeRule
}

/** How a relation becomes a table of a `.hyper` file. */
export interface TablePlan {
  readonly source: ExportTable
  readonly target: HyperTable
  readonly columns: readonly PlannedColumn[]
  /** Selects the values as they are written, in the warehouse. */
  readonly sql: string
  readonly warnings: readonly Diagnostic[]
}

/** Plans without reading rows. Raises `UserError` with every column that cannot be written. */
export function planTable(
  table: ExportTable,
  options: HyperOptions,
  naming: { readonly dialect: Pick<Dialect, 'identifier'>; readonly name: string },
): TablePlan {
  const { columns, warnings } = ruledColumns(table, options)
  const written = new Set(columns.map(({ column }) => column.name))
  const { identifier } = naming.dialect
  const values = columns.map(({ column, rule }) => {
    const name = identifier(column.name)
    const value = rule.value(name)
    const guarded =
      rule.outside !== undefined && options.outOfRange === 'null'
        ? `case when ${rule.outside(name)} then null else ${value} end`
        : value
    return `${guarded} as ${name}`
  })
  return {
    source: table,
    target: {
      schema: options.schema,
      name: naming.name,
      columns: columns.map(({ column, rule }) => ({
        name: column.name,
        type: rule.type,
        description: column.description,
      })),
      primaryKey: options.keys && table.primaryKey.every((name) => written.has(name)) ? table.primaryKey : [],
    },
    columns,
    sql: `select ${values.join(', ')} from (${table.sql}) as t`,
    warnings,
  }
}

function ruledColumns(table: ExportTable, options: HyperOptions) {
  const columns: PlannedColumn[] = []
  const errors: Diagnostic[] = []
  const warnings: Diagnostic[] = []
  for (const column of table.columns) {
    const what = { table: table.name, column: column.name, type: column.engineType }
    const place = column.span === null ? {} : { span: column.span }
    const rule = hyperType(column.type, options)
    if (rule === 'blob') warnings.push(hyperColumnOmitted(what, place))
    else if (rule === 'scale') errors.push(hyperScale(what, place))
    else columns.push({ column, rule })
  }
  if (errors.length === 0 && columns.length === 0) errors.push(hyperNoColumns({ table: table.name }))
  if (errors.length > 0) throw new UserError(errors)
  return { columns, warnings }
}
