import { rm } from 'node:fs/promises'
import { DatabaseError, InternalError } from '../../../base/errors.ts'
import type { Constant } from '../../dialect.ts'
import { type Extracted, type ExtractFile, UnfitValueError } from '../../extraction.ts'
import type { DuckDbConnection } from '../duckdb-connection.ts'
import { duckDbDialect } from '../duckdb-dialect.ts'
import { csvValues, type FileRows, jsonLine } from './file-value.ts'
import { parquetValues, unfitValue } from './parquet-values.ts'

/**
 * Writes the rows of a query to a file, and leaves none when it raises. The same rows in the same order give the same bytes,
 * however many threads there are, unless the file takes them in any order.
 */
export async function copyToFile(connection: DuckDbConnection, rows: FileRows, file: ExtractFile): Promise<Extracted> {
  const { values, changed } = await valuesOf(connection, rows, file)
  const options = Object.entries(copyOptions(file)).map(([name, value]) => `${name} ${value}`)
  const sql = `copy (select ${values.join(', ')} from (
${rows.sql}
) as extracted) to ${duckDbDialect.literal(file.path)} (${options.join(', ')})`
  try {
    const count = await connection.execute(sql)
    if (count === null) throw new InternalError('a copy does not tell the number of its rows')
    return { rows: count, changed }
  } catch (error) {
    await rm(file.path, { force: true })
    const unfit = error instanceof DatabaseError ? unfitValue(error.message) : undefined
    throw unfit === undefined ? error : new UnfitValueError(rows.columns[unfit.index]!.name, unfit.value)
  }
}

async function valuesOf(
  connection: DuckDbConnection,
  rows: FileRows,
  file: ExtractFile,
): Promise<{ readonly values: readonly string[]; readonly changed: Extracted['changed'] }> {
  if (file.format === 'parquet') return parquetValues(connection, rows, file)
  return { values: file.format === 'csv' ? csvValues(rows.columns, file) : [jsonLine(rows.columns)], changed: [] }
}

function copyOptions(file: ExtractFile): { readonly [name: string]: string } {
  const text = (value: Constant) => duckDbDialect.literal(value)
  const all = { compression: text(file.compression), use_tmp_file: 'false' }
  switch (file.format) {
    case 'parquet':
      return {
        format: 'parquet',
        ...all,
        ...(file.rowGroupSize === undefined ? {} : { row_group_size: String(file.rowGroupSize) }),
        ...(file.anyOrder === undefined ? {} : { preserve_order: 'false' }),
      }
    case 'ndjson':
      // A line is one value, and holds no tab.
      return { format: 'csv', ...all, header: 'false', delimiter: text('\t'), quote: text(''), escape: text('') }
    case 'csv':
      return {
        format: 'csv',
        ...all,
        header: String(file.header),
        delimiter: text(file.delimiter),
        quote: text(file.quote),
        escape: text(file.escape),
        nullstr: text(file.nullText),
        new_line: text(file.lineEnd === '\n' ? '\\n' : '\\r\\n'),
        ...(file.quoteAll ? { force_quote: '*' } : {}),
      }
  }
}
