import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

function names(list: readonly string[], limit = 5): string {
  const shown = list.slice(0, limit).map((n) => `\`${n}\``)
  return list.length > limit ? `${shown.join(', ')} and ${list.length - limit} more` : shown.join(', ')
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`
}

export const fileMissing = defineDiagnostic(
  'load/file-missing',
  'error',
  'No file matches a `location` of a source.',
  ({ pattern, near }: { pattern: string; near: readonly string[] }) => ({
    message: `no file matches \`${pattern}\``,
    hints: [near.length > 0 ? `near it ${near.length === 1 ? 'is' : 'are'} ${names(near)}` : undefined],
  }),
)

export const locationIsFolder = defineDiagnostic(
  'load/location-is-folder',
  'error',
  'The `location` of a source is a folder; say which of its files are meant.',
  ({ pattern, suggestion }: { pattern: string; suggestion: string }) => ({
    message: `\`${pattern}\` is a folder`,
    hints: [`write \`${suggestion}\``],
  }),
)

export const outsideProject = defineDiagnostic(
  'load/outside-project',
  'error',
  'A file of a source lies outside the project after links are resolved.',
  ({ path }: { path: string }) => ({
    message: `\`${path}\` lies outside the project`,
    hints: ['move it below the project, or say `outside_project: true`'],
  }),
)

export const fileUnreadable = defineDiagnostic(
  'load/file-unreadable',
  'error',
  'A file of a source or seed cannot be read or unpacked.',
  ({ path, reason }: { path: string; reason: string }) => ({ message: `\`${path}\` cannot be read: ${reason}` }),
)

export const fileEmpty = defineDiagnostic(
  'load/file-empty',
  'warning',
  'A file of a source has no bytes; it counts as no rows.',
  ({ path }: { path: string }) => ({ message: `\`${path}\` is empty: no rows` }),
)

export const wrongEncoding = defineDiagnostic(
  'load/wrong-encoding',
  'error',
  'The bytes of a file are not text in the encoding that it is read in.',
  ({ path, encoding, offset, likely }: { path: string; encoding: string; offset: number; likely: string }) => ({
    message: `\`${path}\` is not ${encoding} text: the byte at offset ${offset} cannot be decoded`,
    hints: [`if it is ${likely}, say \`encoding: ${likely}\``],
  }),
)

export const wrongDelimiter = defineDiagnostic(
  'load/wrong-delimiter',
  'error',
  'The header is a single name that holds another common delimiter.',
  ({ path, header, delimiter }: { path: string; header: string; delimiter: string }) => ({
    message: `the header of \`${path}\` is one column, \`${header.length > 60 ? `${header.slice(0, 60)}…` : header}\``,
    hints: [`say \`delimiter: "${delimiter === '\t' ? '\\t' : delimiter}"\``],
  }),
)

export const noDelimiter = defineDiagnostic(
  'load/no-delimiter',
  'error',
  '`delimiter: auto` found no delimiter that splits all first lines alike.',
  ({ path }: { path: string }) => ({
    message: `no delimiter splits the first lines of \`${path}\` into the same number of cells`,
    hints: ['say which it is: `delimiter: ";"`'],
  }),
)

export const columnMissing = defineDiagnostic(
  'load/column-missing',
  'error',
  'A file lacks a column that YAML declares, and the column does not say `required: false`.',
  ({ path, column, headers }: { path: string; column: string; headers: readonly string[] }) => ({
    message: `\`${path}\` has no column \`${column}\``,
    hints: [
      didYouMean(column, headers) ?? `its columns are ${names(headers, 12)}`,
      'if files may lack it, say `required: false`',
    ],
  }),
)

export const columnUndeclared = defineDiagnostic(
  'load/column-undeclared',
  'error',
  'A file has a column that YAML does not declare, and the source says `undeclared: error`.',
  ({ path, column, declared }: { path: string; column: string; declared: readonly string[] }) => ({
    message: `\`${path}\` has a column \`${column}\` that is not declared`,
    hints: [didYouMean(column, declared), 'declare it, or say `undeclared: keep` or `undeclared: ignore`'],
  }),
)

export const headerRepeated = defineDiagnostic(
  'load/header-repeated',
  'warning',
  'Two columns of a file have the same name; later ones get `_2`, `_3`.',
  ({ path, header, renamed }: { path: string; header: string; renamed: string }) => ({
    message: `the header \`${header}\` of \`${path}\` stands twice; the later column is called \`${renamed}\``,
  }),
)

export const headerBlank = defineDiagnostic(
  'load/header-blank',
  'warning',
  'A column of a file has no name; it is called after its position.',
  ({ path, position, renamed }: { path: string; position: number; renamed: string }) => ({
    message: `column ${position} of \`${path}\` has no name; it is called \`${renamed}\``,
  }),
)

export const reservedColumn = defineDiagnostic(
  'load/reserved-column',
  'error',
  'A column has one of the names that loaded tables carry: `_file`, `_line`, `_loaded_at`.',
  ({ column }: { column: string }) => ({
    message: `a column cannot be called \`${column}\`: loaded tables have one of that name`,
    hints: ['rename it in the file, or say `undeclared: ignore`'],
  }),
)

export const unknownType = defineDiagnostic(
  'load/unknown-type',
  'error',
  'The engine does not know the `data_type` of a column.',
  ({ column, type, reason }: { column: string; type: string; reason: string }) => ({
    message: `the type \`${type}\` of column \`${column}\` is refused: ${reason}`,
  }),
)

export const badFormat = defineDiagnostic(
  'load/bad-format',
  'error',
  'A date or timestamp format cannot be understood.',
  ({ format, reason }: { format: string; reason: string }) => ({
    message: `the format \`${format}\` is not understood: ${reason}`,
    hints: ['write it like `%d.%m.%Y` or `DD.MM.YYYY`'],
  }),
)

export const unknownKeyColumn = defineDiagnostic(
  'load/unknown-key-column',
  'error',
  '`deduplicate` names a column that the files do not have.',
  ({ column, columns }: { column: string; columns: readonly string[] }) => ({
    message: `\`deduplicate\` names \`${column}\`, which is no column of the table`,
    hints: [didYouMean(column, columns)],
  }),
)

export const keptRowsUnfit = defineDiagnostic(
  'load/kept-rows-unfit',
  'error',
  'Rows of files that vanished are to be kept, but do not fit the declaration of today.',
  ({ files, reason }: { files: readonly string[]; reason: string }) => ({
    message: `the rows of ${names(files)}, which ${files.length === 1 ? 'is' : 'are'} gone, do not fit the declaration any more: ${reason}`,
    hints: ['bring the file back, or say `on_removed_files: delete`'],
  }),
)

export const shortRows = defineDiagnostic(
  'load/short-rows',
  'warning',
  'Rows with fewer cells than the header were padded with nulls.',
  ({ path, count, first }: { path: string; count: number; first: number }) => ({
    message: `${rows(count)} of \`${path}\` ${count === 1 ? 'is' : 'are'} short and padded with nulls, the first in line ${first}`,
  }),
)

export const badRow = defineDiagnostic(
  'load/bad-row',
  'error',
  'A row cannot be taken, and the source says `on_bad_rows: fail`.',
  ({ reason, count }: { reason: string; count: number }) => ({
    message: count === 1 ? reason : `${reason}; ${count.toLocaleString('en-US')} rows are bad in all`,
    hints: ['mend the file, or say `on_bad_rows: quarantine`'],
  }),
)

export const tooManyBadRows = defineDiagnostic(
  'load/too-many-bad-rows',
  'error',
  'More rows were refused than `max_bad_rows` allows; the table was left as it was.',
  (args: { bad: number; input: number; limit: string; reason: string; quarantine: string }) => ({
    message: `${rows(args.bad)} of ${args.input.toLocaleString('en-US')} ${args.bad === 1 ? 'is' : 'are'} bad, more than \`max_bad_rows: ${args.limit}\` allows; the first: ${args.reason}`,
    hints: [`the refused rows are in \`${args.quarantine}\``],
  }),
)

export const seedBadRow = defineDiagnostic(
  'load/seed-bad-row',
  'error',
  'A row of a seed cannot be taken.',
  ({ reason }: { reason: string }) => ({ message: reason }),
)

export const seedUnknownColumn = defineDiagnostic(
  'load/seed-unknown-column',
  'warning',
  '`column_types` names a column that the seed does not have.',
  ({ path, column, headers }: { path: string; column: string; headers: readonly string[] }) => ({
    message: `\`column_types\` names \`${column}\`, which is no column of \`${path}\``,
    hints: [didYouMean(column, headers)],
  }),
)

export const seedWithoutHeader = defineDiagnostic(
  'load/seed-without-header',
  'error',
  'A seed is empty: it needs at least a header.',
  ({ path }: { path: string }) => ({
    message: `the seed \`${path}\` is empty`,
    hints: ['write a header line with the names of its columns'],
  }),
)
