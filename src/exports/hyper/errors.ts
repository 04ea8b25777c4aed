import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

const WITHOUT = 'Parquet files and live `.tds` files need no Hyper'

export const hyperdMissing = defineDiagnostic<{ looked: readonly string[]; package: string }>(
  'exports/hyperd-missing',
  'error',
  'Tableau’s files are written by its own engine, `hyperd`, which is not part of tsdbt because of its size. Install it or name it with `TSDBT_HYPERD`.',
  (a) => ({
    message: 'a `.hyper` file needs Tableau’s engine `hyperd`, and there is none here',
    hints: [
      `get it with \`npm install --save-dev ${a.package}\` or \`pip install tableauhyperapi\`, or name it in \`TSDBT_HYPERD\``,
      WITHOUT,
    ],
    notes: [`looked in: ${a.looked.join('; ')}`],
  }),
)

export const hyperdPlatform = defineDiagnostic<{ platform: string }>(
  'exports/hyperd-platform',
  'error',
  'Tableau makes `hyperd` for Linux (x64, glibc), macOS and Windows (x64). Elsewhere `.hyper` files cannot be written.',
  (a) => ({
    message: `Tableau makes no \`hyperd\` for ${a.platform}, so \`.hyper\` files cannot be written here`,
    hints: ['run the export on Linux x64 with glibc, on macOS or on Windows x64', WITHOUT],
  }),
)

export const hyperdUnfit = defineDiagnostic<{ origin: string; path: string; said: string }>(
  'exports/hyperd-unfit',
  'error',
  'A program was named as `hyperd` that does not say of itself to be Tableau’s Hyper. Other programs bear that name, too.',
  (a) => ({
    message: `\`${a.path}\` (from ${a.origin}) is not Tableau’s Hyper: ${a.said}`,
    hints: ['name the `hyperd` of `tableauhyperapi` or of the Hyper API, or the folder that holds it'],
  }),
)

export const hyperdStart = defineDiagnostic<{ path: string; how: string; said: string }>(
  'exports/hyperd-start',
  'error',
  '`hyperd` was found but did not come up. What it said last is shown.',
  (a) => ({ message: `\`hyperd\` ${a.how}${a.said === '' ? '' : `: ${a.said}`}`, notes: [`it is \`${a.path}\``] }),
)

export const hyperTemporary = defineDiagnostic<{ folder: string; why: string }>(
  'exports/hyper-temporary',
  'error',
  '`hyperd` listens on a socket in a folder of its own, which is made in the system’s folder for temporary files.',
  (a) => ({
    message: `\`hyperd\` needs a folder for temporary files, and \`${a.folder}\` cannot be used: ${a.why}`,
    hints: ['name another one in `TMPDIR` (`TEMP` on Windows)'],
  }),
)

export const hyperdDied = defineDiagnostic<{ how: string; said: string }>(
  'exports/hyperd-died',
  'error',
  '`hyperd` ended while it wrote a file: it was killed, or the machine ran out of memory. The file that stood there before was left as it was.',
  (a) => ({
    message: `\`hyperd\` ended in the middle of its work (${a.how})${a.said === '' ? '' : `: ${a.said}`}`,
    hints: ['run the export again; if it comes back, look whether the machine has enough memory'],
  }),
)

export const hyperFailed = defineDiagnostic<{ said: string; detail: string | undefined }>(
  'exports/hyper-failed',
  'error',
  'Hyper refused a statement, for the reason that it gives.',
  (a) => ({ message: `Hyper: ${a.said}`, notes: a.detail === undefined ? [] : [a.detail] }),
)

export const hyperFileOpen = defineDiagnostic<{ file: string }>(
  'exports/hyper-file-open',
  'error',
  'Hyper opens a file for one program at a time, and another one has it.',
  (a) => ({
    message: `\`${a.file}\` is open in another program`,
    hints: ['close it there (Tableau, or another run) and try again'],
  }),
)

export const hyperDiskFull = defineDiagnostic<{ file: string }>(
  'exports/hyper-disk-full',
  'error',
  'The disk has no room for the extract, which stands beside the old one until it is complete.',
  (a) => ({ message: `the disk is full: \`${a.file}\` could not grow`, hints: ['free some space and run again'] }),
)

export const hyperDamaged = defineDiagnostic<{ file: string; said: string }>(
  'exports/hyper-damaged',
  'error',
  'Hyper’s own check of the finished file failed, so it was not put in place.',
  (a) => ({ message: `Hyper finds \`${a.file}\` damaged: ${a.said}`, hints: ['look at the disk, and run again'] }),
)

export const hyperFolder = defineDiagnostic<{ folder: string }>(
  'exports/hyper-folder',
  'error',
  'The folders that `hyperd` may touch are told to it as a list with `;`, so the name of none of them can have one.',
  (a) => ({
    message: `\`hyperd\` cannot be given the folder \`${a.folder}\`: its name has a \`;\``,
    hints: ['rename the folder, or write the export to another one'],
  }),
)

export const hyperNoColumns = defineDiagnostic<{ table: string }>(
  'exports/hyper-no-columns',
  'error',
  'A table of a `.hyper` file needs at least one column that Tableau can show.',
  (a) => ({ message: `\`${a.table}\` has no column that a \`.hyper\` file can hold` }),
)

export const hyperColumnOmitted = defineDiagnostic<{ table: string; column: string; type: string }>(
  'exports/hyper-column-omitted',
  'warning',
  'Tableau cannot show binary data, so such columns are left out of the file.',
  (a) => ({
    message: `the column \`${a.column}\` of \`${a.table}\` (${a.type}) is left out: Tableau knows no binary data`,
    hints: ['name the columns that are wanted in `columns` of the export'],
  }),
)

export const hyperScale = defineDiagnostic<{ table: string; column: string; type: string }>(
  'exports/hyper-scale',
  'error',
  'A `.hyper` file of version 2 holds decimals of 18 digits, before and after the point together.',
  (a) => ({
    message: `the column \`${a.column}\` of \`${a.table}\` (${a.type}) has more digits after the point than a \`.hyper\` file of this version holds`,
    hints: [
      'cast it in the model, or say `decimals: double` or `decimals: text` in `options`',
      '`version: 3` holds 38 digits, for Tableau 2022.4 and later',
    ],
  }),
)

export const hyperOutOfRange = defineDiagnostic<{
  table: string
  column: string
  value: string
  row: string
  why: string
  decimal: boolean
}>(
  'exports/hyper-out-of-range',
  'error',
  'A value has no place in the type that its column has in the file. The first such rows are shown.',
  (a) => ({
    message: `row ${a.row} of \`${a.table}\`: \`${a.column}\` is ${a.value}; ${a.why}`,
    hints: [
      a.decimal
        ? 'say `decimals: double` or `decimals: text` in `options`, or `version: 3` for Tableau 2022.4 and later'
        : undefined,
      'correct the model, or say `out_of_range: null` in `options` to write such values as null',
    ],
  }),
)

export const hyperNulled = defineDiagnostic<{ table: string; column: string; count: string; why: string }>(
  'exports/hyper-nulled',
  'warning',
  'Values without a place in the file were written as null, as `out_of_range: null` says.',
  (a) => ({
    message: `${a.count === '1' ? '1 value' : `${a.count} values`} of \`${a.column}\` in \`${a.table}\` ${a.count === '1' ? 'was' : 'were'} written as null: ${a.why}`,
  }),
)

export const hyperDigitsLost = defineDiagnostic<{ table: string; column: string; count: string }>(
  'exports/hyper-digits-lost',
  'warning',
  'A decimal without a declared precision is written as a double, which keeps 15 digits.',
  (a) => ({
    message: `${a.count === '1' ? '1 value' : `${a.count} values`} of \`${a.column}\` in \`${a.table}\` ${a.count === '1' ? 'has' : 'have'} more digits than the double in the file keeps`,
    hints: ['cast it in the model to a decimal of at most 18 digits, or say `decimals: text` in `options`'],
  }),
)

export const hyperRowsDiffer = defineDiagnostic<{ table: string; sent: number; found: string }>(
  'exports/hyper-rows-differ',
  'error',
  'The file does not hold as many rows as the warehouse gave, so it was not put in place.',
  (a) => ({ message: `the warehouse gave ${a.sent} rows of \`${a.table}\`, and the file holds ${a.found}` }),
)

export const hyperUnknownTable = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'exports/hyper-unknown-table',
  'error',
  '`tables` gives names in the file to relations that the export holds, by their own names.',
  (a) => ({
    message: `\`tables\` names \`${a.name}\`, which the export does not hold`,
    hints: [didYouMean(a.name, a.known) ?? `it holds ${a.known.map((name) => `\`${name}\``).join(', ')}`],
  }),
)

export const hyperKeyNull = defineDiagnostic<{ table: string; column: string; count: string }>(
  'exports/hyper-key-null',
  'warning',
  'Tests or constraints call columns the key of a table, and they have nulls. The file then says nothing of a key, and Tableau makes no relationship of it.',
  (a) => ({
    message: `\`${a.column}\` is part of the key of \`${a.table}\` and null in ${a.count} ${a.count === '1' ? 'row' : 'rows'}: the file has no key there`,
    hints: ['correct the model, or say `keys: false` in `options`'],
  }),
)
