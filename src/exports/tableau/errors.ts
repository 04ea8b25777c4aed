import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

/** A near name, else all of them when they are few. */
function offer(name: string, known: readonly string[], word: string): string | undefined {
  return didYouMean(name, known) ?? (known.length > 0 && known.length <= 20 ? `${word}: ${list(known)}` : undefined)
}

export const unknownFormat = defineDiagnostic<{ format: string; known: readonly string[] }>(
  'tableau/unknown-format',
  'error',
  'The format of a Tableau field is a name with what it needs (`percent 1`, `currency EUR`), a pattern of digits (`#,##0.0`) or of a date (`dd.MM.yyyy`), or a format as Tableau stores it (`n#,##0;-#,##0`).',
  (a) => ({
    message: `\`${a.format}\` is no format that Tableau or tsdbt knows`,
    hints: [
      a.format === 'currency' ? 'say which one: `currency EUR`' : offer(a.format.split(' ')[0]!, a.known, 'names'),
    ],
  }),
)

export const formatMismatch = defineDiagnostic<{ field: string; format: string; datatype: string }>(
  'tableau/format-mismatch',
  'error',
  'Number formats are for numbers and date formats for dates; Tableau passes over one that does not fit.',
  (a) => ({ message: `the format \`${a.format}\` does not fit the field \`${a.field}\`, which is ${a.datatype}` }),
)

export const unknownPlace = defineDiagnostic<{ role: string; known: readonly string[] }>(
  'tableau/unknown-geographic-role',
  'error',
  'The geographic role of a Tableau field is one of a few words, or a role as Tableau stores it, such as `[Airport].[IATA]`.',
  (a) => ({ message: `\`${a.role}\` is no geographic role`, hints: [offer(a.role, a.known, 'roles')] }),
)

export const badColor = defineDiagnostic<{ color: string }>(
  'tableau/bad-color',
  'error',
  'A colour is written as `#rrggbb`, six hexadecimal digits in quotes: without them YAML takes it for a comment.',
  (a) => ({ message: `\`${a.color}\` is no colour`, hints: ["write it in quotes, as in `'#1f77b4'`"] }),
)

export const unknownField = defineDiagnostic<{
  name: string
  where: string
  table: string
  known: readonly string[]
}>(
  'tableau/unknown-field',
  'error',
  'Formulas and hierarchies name columns of the exported model and calculated fields, by name or caption.',
  (a) => ({
    message: `${a.where} names \`[${a.name}]\`, which is no column or calculated field of \`${a.table}\``,
    hints: [offer(a.name, a.known, 'fields')],
  }),
)

export const fieldTwice = defineDiagnostic<{ name: string; table: string }>(
  'tableau/field-twice',
  'error',
  'A calculated field needs a name of its own among the columns and calculated fields; case does not count.',
  (a) => ({ message: `\`${a.table}\` has a column or calculated field \`${a.name}\` already` }),
)

export const formulaSyntax = defineDiagnostic<{ field: string; problem: string }>(
  'tableau/formula-syntax',
  'error',
  'Brackets, quotes, parentheses and comments of a formula must be closed.',
  (a) => ({ message: `the formula of \`${a.field}\` cannot be read: ${a.problem}` }),
)

export const formulaCycle = defineDiagnostic<{ path: readonly string[] }>(
  'tableau/formula-cycle',
  'error',
  'A calculated field cannot use itself, directly or through others.',
  (a) => ({ message: `these calculated fields need each other: ${list(a.path)}` }),
)

export const unknownFunction = defineDiagnostic<{ name: string; field: string; known: readonly string[] }>(
  'tableau/unknown-function',
  'warning',
  'A formula calls a function that tsdbt does not know. If Tableau does, all is well; else Tableau marks the field as invalid.',
  (a) => ({
    message: `the formula of \`${a.field}\` calls \`${a.name}\`, which is no known function of Tableau`,
    hints: [didYouMean(a.name, a.known)],
  }),
)

export const parametersUnknown = defineDiagnostic<{ field: string }>(
  'tableau/parameters',
  'error',
  'Parameters belong to a workbook and are not made by exports, so a formula that uses one would be invalid.',
  (a) => ({
    message: `the formula of \`${a.field}\` uses a parameter, and an export makes none`,
    hints: ['put the value into the formula, or make the field in Tableau'],
  }),
)

export const formulaMixes = defineDiagnostic<{ field: string; name: string }>(
  'tableau/formula-mixes',
  'error',
  'Tableau cannot mix aggregated and plain values in one formula: `SUM([a]) / [b]` has no meaning for many rows.',
  (a) => ({
    message: `the formula of \`${a.field}\` aggregates, and uses \`[${a.name}]\` without aggregating it`,
    hints: [`write for example \`SUM([${a.name}])\``],
  }),
)

export const tdsNeedsServer = defineDiagnostic<{ name: string }>(
  'tableau/tds-needs-server',
  'error',
  'A `.tds` tells Tableau how to read tables in a server. A target that is a file has none.',
  (a) => ({
    message: `the export \`${a.name}\` connects Tableau to a server, and this target has none that Tableau knows`,
    hints: [
      'write `format: tdsx` (data source with its extract), `hyper` or `parquet` instead, or run it on a Postgres target',
    ],
  }),
)

export const tdsNeedsHost = defineDiagnostic<{ name: string; socket: string }>(
  'tableau/tds-needs-host',
  'error',
  'Tableau reaches a server by name and port, not by a socket on the machine that tsdbt runs on.',
  (a) => ({
    message: `the export \`${a.name}\` connects to the server by its socket \`${a.socket}\`, which Tableau cannot reach`,
    hints: ['name the server under `options`: `server: db.example.com`'],
  }),
)

export const tablesUnrelated = defineDiagnostic<{ first: string; others: readonly string[] }>(
  'tableau/tables-unrelated',
  'error',
  'The tables of one data source must be related, so that Tableau can join them. Relationships come from foreign keys: constraints, or `relationships` tests.',
  (a) => ({
    message: `nothing says how ${list(a.others)} and \`${a.first}\` belong together`,
    hints: ['add a `relationships` test to the column that refers, make an export of each, or join them in a model'],
  }),
)
