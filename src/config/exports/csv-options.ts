import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { type FileCompression, readFileCompression } from './file-compression.ts'
import { OptionReader, type SortColumn } from './option-reader.ts'

export interface CsvOptions {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly header: boolean
  readonly nullText: string
  readonly quoteAll: boolean
  readonly decimal: '.' | ','
  /** Patterns of strftime; null: ISO 8601. */
  readonly dateFormat: string | null
  readonly timestampFormat: string | null
  readonly lineEnd: '\n' | '\r\n'
  readonly encoding: 'utf-8' | 'utf-16' | 'latin-1'
  /** Whether a byte order mark begins the file. */
  readonly bom: boolean
  readonly compression: FileCompression
  readonly orderBy: readonly SortColumn[]
}

type Dialect = Pick<CsvOptions, 'delimiter' | 'decimal' | 'lineEnd' | 'bom'>

const PLAIN: Dialect = { delimiter: ',', decimal: '.', lineEnd: '\n', bom: false }

const DIALECTS = {
  unix: PLAIN,
  rfc4180: { ...PLAIN, lineEnd: '\r\n' },
  /** As Excel opens it by a double click where numbers have a point. */
  excel: { ...PLAIN, lineEnd: '\r\n', bom: true },
  /** The same where numbers have a comma, as in most of Europe. */
  'excel-semicolon': { delimiter: ';', decimal: ',', lineEnd: '\r\n', bom: true },
  tsv: { ...PLAIN, delimiter: '\t' },
} as const satisfies { readonly [name: string]: Dialect }

const KEYS = [
  'dialect',
  'delimiter',
  'quote',
  'escape',
  'header',
  'null_text',
  'quote_all',
  'decimal',
  'date_format',
  'timestamp_format',
  'line_end',
  'encoding',
  'bom',
  'compression',
  'order_by',
]
const LINE_ENDS = { lf: '\n', crlf: '\r\n' } as const

/** `options` of `format: csv`: a dialect, and what differs from it. */
export function readCsvOptions(reader: YamlReader, map: YamlMap, where: string, to: string | null): CsvOptions {
  const options = new OptionReader(reader, map, { where, keys: KEYS })
  const usual = /\.tsv(\.\w+)?$/i.test(to ?? '') ? 'tsv' : 'unix'
  const name = options.choice('dialect', Object.keys(DIALECTS) as (keyof typeof DIALECTS)[]) ?? usual
  const dialect: Dialect = DIALECTS[name]
  const lineEnd = options.choice('line_end', Object.keys(LINE_ENDS) as (keyof typeof LINE_ENDS)[])
  const encoding = options.choice('encoding', ['utf-8', 'utf-16', 'latin-1'] as const) ?? 'utf-8'
  const quote = options.character('quote') ?? '"'
  const read: CsvOptions = {
    delimiter: options.character('delimiter') ?? dialect.delimiter,
    quote,
    escape: options.character('escape') ?? quote,
    header: options.boolean('header') ?? true,
    nullText: options.text('null_text') ?? '',
    quoteAll: options.boolean('quote_all') ?? false,
    decimal: options.choice('decimal', ['.', ','] as const) ?? dialect.decimal,
    dateFormat: options.pattern('date_format') ?? null,
    timestampFormat: options.pattern('timestamp_format') ?? null,
    lineEnd: lineEnd === undefined ? dialect.lineEnd : LINE_ENDS[lineEnd],
    encoding,
    bom: encoding !== 'latin-1' && (options.boolean('bom') ?? (dialect.bom || encoding === 'utf-16')),
    compression: readFileCompression(options, to),
    orderBy: options.sorting(),
  }
  check(options, read)
  return read
}

/** What no reader could tell apart. */
function check(options: OptionReader, csv: CsvOptions): void {
  const { delimiter, quote, nullText } = csv
  if (delimiter === quote || delimiter === csv.escape)
    options.refuse(
      options.has('delimiter') ? 'delimiter' : 'quote',
      'the delimiter and the quote are the same character',
    )
  for (const [what, character] of [
    ['the delimiter', delimiter],
    ['the quote', quote],
    ['a line break', '\n'],
    ['a line break', '\r'],
  ] as const) {
    if (!nullText.includes(character)) continue
    options.refuse('null_text', `\`null_text\` holds ${what}, so that a null could not be told from a value`)
    break
  }
  if (csv.encoding === 'latin-1' && options.has('bom'))
    options.refuse('bom', 'text in latin-1 has no byte order mark', 'leave `bom` out, or say `encoding: utf-8`')
  if (csv.compression === 'zstd' && (csv.bom || csv.encoding !== 'utf-8'))
    options.refuse(
      options.has('encoding') ? 'encoding' : options.has('bom') ? 'bom' : 'dialect',
      'a file that is compressed by zstd is in UTF-8 without a byte order mark',
      'take `.gz`, or `encoding: utf-8` with `bom: false`',
    )
}
