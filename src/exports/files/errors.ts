import { defineDiagnostic } from '../../base/diagnostic.ts'

export const outsideLatin1 = defineDiagnostic<{ line: number; character: string }>(
  'exports/csv-character',
  'error',
  'A text has a character that the encoding of its file lacks. Latin-1 has those of Western Europe, and no `€`.',
  ({ line, character }) => ({
    message: `line ${line} of the file would hold \`${character}\` (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}), which latin-1 lacks`,
    hints: ['say `encoding: utf-8`, with `bom: true` for Excel'],
  }),
)

export const tooManyColumns = defineDiagnostic<{ table: string; columns: number; most: number }>(
  'exports/xlsx-columns',
  'error',
  'A sheet of Excel has 16,384 columns.',
  ({ table, columns, most }) => ({
    message: `\`${table}\` has ${columns.toLocaleString('en-US')} columns, and a sheet has ${most.toLocaleString('en-US')}`,
    hints: ['name the columns to take in `columns`, or take another format'],
  }),
)

export const tooManyRows = defineDiagnostic<{ table: string; rows: number; most: number }>(
  'exports/xlsx-rows',
  'error',
  'A sheet of Excel has 1,048,576 rows, the first of which holds the names of the columns.',
  ({ table, rows, most }) => ({
    message: `\`${table}\` has ${rows.toLocaleString('en-US')} rows, and a sheet has room for ${most.toLocaleString('en-US')} below its header`,
    hints: ['filter or aggregate in a model, take `csv` or `parquet`, or say `too_many_rows: cut`'],
  }),
)

export const rowsCut = defineDiagnostic<{ table: string; rows: number; most: number }>(
  'exports/xlsx-rows-cut',
  'warning',
  'Rows beyond the last of a sheet were left out, because the export says `too_many_rows: cut`.',
  ({ table, rows, most }) => ({
    message: `of the ${rows.toLocaleString('en-US')} rows of \`${table}\` the first ${most.toLocaleString('en-US')} are in the sheet`,
  }),
)

export const textTooLong = defineDiagnostic<{ table: string; row: number; column: string; length: number }>(
  'exports/xlsx-text',
  'error',
  'A cell of Excel holds 32,767 characters.',
  ({ table, row, column, length }) => ({
    message: `row ${row.toLocaleString('en-US')} of \`${table}\` has ${length.toLocaleString('en-US')} characters in \`${column}\`, and a cell holds 32,767`,
    hints: ['shorten the text in a model, leave the column out, or say `too_long: cut`'],
  }),
)

export const textsCut = defineDiagnostic<{ table: string; count: number; row: number; column: string }>(
  'exports/xlsx-text-cut',
  'warning',
  'Texts of more than 32,767 characters were cut, because the export says `too_long: cut`.',
  ({ table, count, row, column }) => ({
    message: `${count.toLocaleString('en-US')} ${count === 1 ? 'text' : 'texts'} of \`${table}\` ${count === 1 ? 'was' : 'were'} cut to 32,767 characters, first in row ${row.toLocaleString('en-US')}, column \`${column}\``,
  }),
)

export const parquetUnfit = defineDiagnostic<{ table: string; column: string; type: string; value: string }>(
  'exports/parquet-value',
  'error',
  'Parquet has no infinite dates, no `NaN` among decimals, and numbers of at most 38 digits.',
  ({ table, column, type, value }) => ({
    message: `\`${column}\` of \`${table}\` (${type}) holds \`${value}\`, which has no place in a Parquet file`,
    hints: [
      value === 'NaN'
        ? 'cast the column to `double precision` in the model, or turn such values into null there'
        : 'correct the model',
      'or say `out_of_range: null` in `options` to write such values as null',
    ],
  }),
)

interface ChangedColumns {
  readonly table: string
  readonly columns: readonly { readonly column: string; readonly type: string; readonly count: number }[]
}

const changed = ({ columns }: ChangedColumns): string =>
  columns
    .map((c) => `\`${c.column}\` (${c.type}, ${c.count.toLocaleString('en-US')} ${c.count === 1 ? 'value' : 'values'})`)
    .join(', ')

export const parquetNulled = defineDiagnostic<ChangedColumns>(
  'exports/parquet-nulled',
  'warning',
  'Values without a place in a Parquet file were written as null, as `out_of_range: null` says.',
  (a) => ({
    message: `values of \`${a.table}\` without a place in a Parquet file were written as null: ${changed(a)}`,
  }),
)

export const parquetDigitsLost = defineDiagnostic<ChangedColumns>(
  'exports/parquet-digits-lost',
  'warning',
  'Numbers that no decimal of 38 digits holds, or of which the reader wants doubles, keep about 15 digits.',
  (a) => ({
    message: `numbers of \`${a.table}\` have more digits than the double in the file keeps: ${changed(a)}`,
    hints: ['where all digits count, cast in the model to text, or to a decimal of at most 38 digits'],
  }),
)
