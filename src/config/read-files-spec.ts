import type { Span } from '../base/span.ts'
import { pathOutside, wrongType } from './errors.ts'
import type { FilesSpec } from './files-spec.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { describeValue, isNothing, type YamlReader } from './yaml-reader.ts'

const KEYS = [
  'location',
  'format',
  'delimiter',
  'quote',
  'escape',
  'header',
  'encoding',
  'skip_header_lines',
  'skip_footer_lines',
  'null_values',
  'decimal',
  'thousands',
  'date_format',
  'timestamp_format',
  'undeclared',
  'deduplicate',
  'on_bad_rows',
  'max_bad_rows',
  'on_removed_files',
  'outside_project',
] as const

const SUFFIXES: Readonly<Record<string, FilesSpec['format']>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
}

/** Reads `files:` of a source table. Undefined when it names no location. */
export function readFilesSpec(reader: YamlReader, node: YamlNode, where: string): FilesSpec | undefined {
  const map = reader.map(node, `\`files\` of ${where}`, KEYS)
  if (map === undefined) return undefined
  const fields = new Fields(reader, map)
  const locationEntry = entryOf(map, 'location')
  if (locationEntry === undefined || isNothing(locationEntry.value)) {
    reader.requiredText(map, 'location', `\`files\` of ${where}`, 'location: data/orders_*.csv')
    return undefined
  }
  const location = reader.texts(locationEntry.value, '`location`')
  if (location === undefined) return undefined
  const outsideProject = fields.boolean('outside_project', false)
  if (!outsideProject) checkInside(reader, locationEntry.value, location)
  const quote = fields.structure('quote', '"', true)
  const delimiter = fields.structure('delimiter', ',', false, 'auto')
  const decimal = fields.character('decimal', '.', false)
  const thousands = fields.character('thousands', undefined, false)
  fields.distinct('quote', quote, 'delimiter', delimiter)
  fields.distinct('thousands', thousands, 'decimal', decimal)
  return {
    location,
    outsideProject,
    format: fields.choice('format', ['csv', 'json', 'ndjson', 'parquet'], formatOf(location)),
    delimiter: delimiter!,
    quote: quote!,
    escape: fields.structure('escape', quote === '' ? '"' : quote, true)!,
    header: fields.boolean('header', true),
    encoding: fields.optionalChoice('encoding', ['utf-8', 'utf-16', 'latin-1']),
    skipHeaderLines: fields.count('skip_header_lines'),
    skipFooterLines: fields.count('skip_footer_lines'),
    decimal: decimal!,
    thousands,
    dateFormats: fields.texts('date_format', []),
    timestampFormats: fields.texts('timestamp_format', []),
    nullValues: fields.texts('null_values', ['']),
    undeclared: fields.choice('undeclared', ['keep', 'ignore', 'error'], 'keep'),
    deduplicate: fields.deduplicate(),
    onBadRows: fields.choice('on_bad_rows', ['quarantine', 'fail'], 'quarantine'),
    maxBadRows: fields.maxBadRows(),
    onRemovedFiles: fields.choice('on_removed_files', ['keep', 'delete'], 'keep'),
    locationSpan: reader.span(locationEntry.value),
    span: reader.span(map),
  }
}

/** The format that the suffix of the first location tells, without a suffix of compression. */
function formatOf(location: readonly string[]): FilesSpec['format'] {
  const suffix = /\.([a-z]+)$/i.exec((location[0] ?? '').replace(/\.(gz|gzip|zst|zstd)$/i, ''))
  return SUFFIXES[suffix?.[1]?.toLowerCase() ?? ''] ?? 'csv'
}

function checkInside(reader: YamlReader, node: YamlNode, location: readonly string[]): void {
  for (const [i, path] of location.entries()) {
    let depth = 0
    let outside = /^([/\\]|[A-Za-z]:|~)/.test(path)
    for (const part of path.split(/[/\\]/)) {
      if (part === '..') depth--
      else if (part !== '.' && part !== '') depth++
      if (depth < 0) outside = true
    }
    if (!outside) continue
    const place = node.kind === 'list' ? node.items[i]! : node
    const hints = ['or say `outside_project: true`']
    reader.report(pathOutside({ key: 'location', path }, { span: reader.span(place), hints }))
  }
}

/** Reads single keys of one mapping; a mistake is reported and the default taken. */
class Fields {
  readonly #reader: YamlReader
  readonly #map: YamlMap

  constructor(reader: YamlReader, map: YamlMap) {
    this.#reader = reader
    this.#map = map
  }

  #node(key: string): YamlNode | undefined {
    const entry = entryOf(this.#map, key)
    return entry === undefined || isNothing(entry.value) ? undefined : entry.value
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.#reader.optionalBoolean(this.#map, key, `\`${key}\``) ?? fallback
  }

  count(key: string): number {
    const node = this.#node(key)
    return node === undefined ? 0 : (this.#reader.integer(node, `\`${key}\``, 0) ?? 0)
  }

  texts(key: string, fallback: readonly string[]): readonly string[] {
    const node = this.#node(key)
    return node === undefined ? fallback : (this.#reader.texts(node, `\`${key}\``) ?? fallback)
  }

  choice<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    return this.optionalChoice(key, allowed) ?? fallback
  }

  optionalChoice<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const node = this.#node(key)
    return node === undefined ? undefined : this.#reader.choice(node, `value of \`${key}\``, allowed)
  }

  /** One character; `""` when that may mean none; or a word that stands for something else. */
  character(key: string, fallback: string | undefined, empty: boolean, word?: string): string | undefined {
    const node = this.#node(key)
    if (node === undefined) return fallback
    const text = this.#reader.text(node, `\`${key}\``)
    if (text === undefined) return fallback
    if ([...text].length === 1 || (empty && text === '') || (word !== undefined && text === word)) return text
    const hint = text === '\\t' ? 'a tab is written "\\t", in double quotes' : undefined
    const expected = word === undefined ? 'a single character' : `a single character or \`${word}\``
    this.#reader.report(
      wrongType({ what: `\`${key}\``, expected, got: describeValue(text), hint }, { span: this.#span(node) }),
    )
    return fallback
  }

  /** A character that files are split by: of a single byte, so that it is one in UTF-8, and no line break. */
  structure(key: string, fallback: string | undefined, empty: boolean, word?: string): string | undefined {
    const text = this.character(key, fallback, empty, word)
    if (text === undefined || text === '' || text === word) return text
    const byte = text.codePointAt(0)!
    if (byte > 0 && byte < 128 && text !== '\n' && text !== '\r') return text
    const node = this.#node(key) ?? this.#map
    this.#reader.report(
      wrongType(
        { what: `\`${key}\``, expected: 'an ASCII character that is no line break', got: describeValue(text) },
        { span: this.#span(node) },
      ),
    )
    return fallback
  }

  distinct(key: string, value: string | undefined, other: string, otherValue: string | undefined): void {
    if (value === undefined || value === '' || value !== otherValue) return
    const node = this.#node(key) ?? this.#node(other) ?? this.#map
    this.#reader.report(
      wrongType(
        { what: `\`${key}\``, expected: `another character than \`${other}\``, got: describeValue(value) },
        { span: this.#span(node) },
      ),
    )
  }

  deduplicate(): FilesSpec['deduplicate'] {
    const node = this.#node('deduplicate')
    if (node === undefined) return 'none'
    if (node.kind === 'list') {
      const keys = this.#reader.texts(node, '`deduplicate`') ?? []
      return keys.length === 0 ? 'none' : keys
    }
    return this.#reader.choice(node, 'value of `deduplicate`', ['none', 'exact'] as const) ?? 'none'
  }

  /** `0.5%` and 0.005 are shares, whole numbers are rows. */
  maxBadRows(): FilesSpec['maxBadRows'] {
    const fallback = { share: 0.01 }
    const node = this.#node('max_bad_rows')
    if (node === undefined) return fallback
    const value = this.#reader.value(node)
    if (value === undefined) return fallback
    if (typeof value === 'number' && value >= 0) {
      if (Number.isInteger(value)) return { rows: value }
      if (value < 1) return { share: value }
    }
    const percent = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) : null
    if (percent !== null && Number(percent[1]) <= 100) return { share: Number(percent[1]) / 100 }
    const expected = 'a percentage (`0.5%`), a share below 1 (`0.005`) or a number of rows'
    this.#reader.report(
      wrongType({ what: '`max_bad_rows`', expected, got: describeValue(value) }, { span: this.#span(node) }),
    )
    return fallback
  }

  #span(node: { readonly start: number; readonly end: number }): Span {
    return this.#reader.span(node)
  }
}
