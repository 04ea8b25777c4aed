import type { ExtractFile } from '../../adapters/extraction.ts'
import { UnfitValueError } from '../../adapters/extraction.ts'
import { UserError } from '../../base/errors.ts'
import type { ExportJob, ExportTable } from '../export-job.ts'
import { parquetDigitsLost, parquetNulled, parquetUnfit } from './errors.ts'

/** Writes rows of a table to a Parquet file; resolves to their number. Warns of values that are not there as they were. */
export async function writeParquet(
  { export: node, session, warn }: Pick<ExportJob, 'export' | 'session' | 'warn'>,
  table: Pick<ExportTable, 'name' | 'columns' | 'sql'>,
  file: Omit<Extract<ExtractFile, { readonly format: 'parquet' }>, 'format'>,
): Promise<number> {
  const place = { span: node.span, node: node.uniqueId }
  const typeOf = (column: string) => table.columns.find(({ name }) => name === column)?.engineType ?? '?'
  try {
    const { rows, changed } = await session.extraction.toFile(table.sql, { ...file, format: 'parquet' })
    const columns = changed.map((c) => ({ ...c, type: typeOf(c.column) }))
    const nulled = columns.filter(({ how }) => how === 'nulled')
    const rounded = columns.filter(({ how }) => how === 'rounded')
    if (nulled.length > 0) warn(parquetNulled({ table: table.name, columns: nulled }, place))
    if (rounded.length > 0) warn(parquetDigitsLost({ table: table.name, columns: rounded }, place))
    return rows
  } catch (error) {
    if (!(error instanceof UnfitValueError)) throw error
    const { column, value } = error
    throw new UserError(parquetUnfit({ table: table.name, column, type: typeOf(column), value }, place))
  }
}
