import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import { describeValue } from '../../config/yaml-reader.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'
import { measureIncomplete, unknownMetaKey, wrongMetaValue } from './errors.ts'
import type { Measure, SummarizeBy } from './semantic-model.ts'

type Dict = { readonly [key: string]: ConfigValue }

/** What `meta.power_bi` of a model says, completed from `meta.tableau`; undefined: nothing is said. */
export interface TableHints {
  readonly caption: string | undefined
  readonly hidden: boolean
  /** True: one of its columns is the calendar's date. */
  readonly dateTable: boolean | undefined
  readonly measures: readonly Measure[]
}

/** What `meta.power_bi` of a column says, completed from `meta.tableau`. */
export interface ColumnHints {
  readonly caption: string | undefined
  readonly hidden: boolean | undefined
  readonly format: string | undefined
  readonly summarizeBy: SummarizeBy | undefined
  /** Null: no category, whatever its name. */
  readonly category: string | null | undefined
  readonly folder: string | undefined
  readonly sortBy: string | undefined
}

const SUMMARIES = {
  none: 'none',
  sum: 'sum',
  average: 'average',
  min: 'min',
  max: 'max',
  count: 'count',
  distinct_count: 'distinctCount',
} as const

/** Of data that reports show on a map, or as a link. */
const CATEGORIES = {
  address: 'Address',
  city: 'City',
  continent: 'Continent',
  country: 'Country',
  county: 'County',
  image_url: 'ImageUrl',
  latitude: 'Latitude',
  longitude: 'Longitude',
  place: 'Place',
  postal_code: 'PostalCode',
  state: 'StateOrProvince',
  web_url: 'WebUrl',
} as const

/** Reads hints out of `meta`, where values have no places of their own: a mistake names what has it. */
class HintReader {
  readonly #meta: Dict
  readonly #report: (diagnostic: Diagnostic) => void
  readonly where: string
  readonly place: Pick<Diagnostic, 'span' | 'node'>

  constructor(
    meta: Dict,
    report: (diagnostic: Diagnostic) => void,
    about: { readonly where: string; readonly place: Pick<Diagnostic, 'span' | 'node'> },
  ) {
    this.#meta = meta
    this.#report = report
    this.where = about.where
    this.place = about.place
  }

  check(known: readonly string[]): this {
    for (const key of Object.keys(this.#meta))
      if (!known.includes(key)) this.#report(unknownMetaKey({ key, where: this.where, known }, this.place))
    return this
  }

  text(key: string): string | undefined {
    const value = this.#meta[key]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    return this.#wrong(key, value, 'text')
  }

  boolean(key: string): boolean | undefined {
    const value = this.#meta[key]
    if (value === undefined || value === null) return undefined
    return typeof value === 'boolean' ? value : this.#wrong(key, value, '`true` or `false`')
  }

  word<T>(key: string, words: { readonly [word: string]: T }): T | undefined {
    const value = this.#meta[key]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' && Object.hasOwn(words, value)) return words[value]
    const known = Object.keys(words).map((word) => `\`${word}\``)
    return this.#wrong(key, value, `one of ${known.join(', ')}`)
  }

  list(key: string): readonly Dict[] {
    const value = this.#meta[key]
    if (value === undefined || value === null) return []
    if (Array.isArray(value) && value.every(isDict)) return value as readonly Dict[]
    this.#wrong(key, value, 'a list of mappings')
    return []
  }

  #wrong(key: string, value: ConfigValue, expected: string): undefined {
    const got = typeof value === 'string' ? `\`${value}\`` : describeValue(value)
    this.#report(wrongMetaValue({ key, where: this.where, expected, got }, this.place))
    return undefined
  }
}

export function readTableHints(table: ExportTable, report: (diagnostic: Diagnostic) => void): TableHints {
  const place = { span: table.node.span, node: table.node.uniqueId }
  const where = `\`meta.power_bi\` of \`${table.node.name}\``
  const reader = new HintReader(section(table.meta, 'power_bi', { where, place, report }), report, { where, place })
  reader.check(['caption', 'hidden', 'date_table', 'measures'])
  return {
    caption: reader.text('caption') ?? softText(table.meta, 'caption'),
    hidden: reader.boolean('hidden') ?? false,
    dateTable: reader.boolean('date_table'),
    measures: reader.list('measures').flatMap((entry) => readMeasure(entry, report, { where, place }) ?? []),
  }
}

export function readColumnHints(
  table: ExportTable,
  column: ExportColumn,
  report: (diagnostic: Diagnostic) => void,
): ColumnHints {
  const place = { span: column.span ?? table.node.span, node: table.node.uniqueId }
  const where = `\`meta.power_bi\` of the column \`${column.name}\` of \`${table.node.name}\``
  const meta = section(column.meta, 'power_bi', { where, place, report })
  const reader = new HintReader(meta, report, { where, place })
  reader.check(['caption', 'hidden', 'format', 'summarize_by', 'data_category', 'folder', 'sort_by'])
  const format = softText(column.meta, 'format')
  return {
    caption: reader.text('caption') ?? softText(column.meta, 'caption'),
    hidden: reader.boolean('hidden') ?? softHidden(column.meta),
    format: reader.text('format') ?? (format === undefined ? undefined : formatOfTableau(format)),
    summarizeBy: reader.word('summarize_by', SUMMARIES) ?? softSummary(column.meta),
    category: reader.word('data_category', { ...CATEGORIES, none: null }),
    folder: reader.text('folder') ?? softText(column.meta, 'folder'),
    sortBy: reader.text('sort_by'),
  }
}

/** What a column's name tells of it, where that is beyond doubt. */
export function categoryOfName(name: string): string | null {
  const known: { readonly [name: string]: string } = { ...CATEGORIES, country_code: 'Country', zip: 'PostalCode' }
  const key = name.toLowerCase()
  const told = key === 'address' || key === 'place' ? undefined : known[key]
  return told !== undefined && Object.hasOwn(known, key) ? told : null
}

/** A number format of Tableau as Power BI writes it: without the letter that says its kind. */
export function formatOfTableau(format: string): string | undefined {
  const kind = /^[nNpPcC*]/.test(format) ? format.slice(1) : format
  const [positive, ...rest] = kind.split(';')
  return rest.length === 1 && rest[0] === `-${positive}` ? positive : kind
}

function readMeasure(
  entry: Dict,
  report: (diagnostic: Diagnostic) => void,
  about: { readonly where: string; readonly place: Pick<Diagnostic, 'span' | 'node'> },
): Measure | undefined {
  const named = typeof entry.name === 'string' ? `the measure \`${entry.name}\` in ${about.where}` : about.where
  const reader = new HintReader(entry, report, { where: named, place: about.place })
  reader.check(['name', 'expression', 'format', 'description', 'folder', 'hidden'])
  const name = reader.text('name')
  const expression = reader.text('expression')
  if (name === undefined || expression === undefined) {
    for (const key of ['name', 'expression'])
      if (entry[key] === undefined || entry[key] === null) report(measureIncomplete({ key, where: named }, about.place))
    return undefined
  }
  return {
    name,
    expression,
    format: reader.text('format') ?? null,
    description: reader.text('description') ?? '',
    folder: reader.text('folder') ?? null,
    hidden: reader.boolean('hidden') ?? false,
  }
}

function section(
  meta: Dict,
  key: string,
  about: {
    readonly where: string
    readonly place: Pick<Diagnostic, 'span' | 'node'>
    readonly report: (diagnostic: Diagnostic) => void
  },
): Dict {
  const value = meta[key]
  if (value === undefined || value === null) return {}
  if (isDict(value)) return value
  about.report(
    wrongMetaValue({ key, where: about.where, expected: 'a mapping', got: describeValue(value) }, about.place),
  )
  return {}
}

// Hints that are meant for Tableau are taken where they fit and are checked where Tableau's files are made.

function softly(meta: Dict, key: string): ConfigValue | undefined {
  return isDict(meta.tableau) ? meta.tableau[key] : undefined
}

function softText(meta: Dict, key: string): string | undefined {
  const value = softly(meta, key)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function softHidden(meta: Dict): boolean | undefined {
  return softly(meta, 'hidden') === true ? true : undefined
}

function softSummary(meta: Dict): SummarizeBy | undefined {
  if (softly(meta, 'role') === 'dimension') return 'none'
  const words: { readonly [aggregation: string]: SummarizeBy } = {
    sum: 'sum',
    avg: 'average',
    average: 'average',
    min: 'min',
    max: 'max',
    count: 'count',
    countd: 'distinctCount',
    count_distinct: 'distinctCount',
  }
  const aggregation = softly(meta, 'aggregation')?.toString().toLowerCase()
  return aggregation !== undefined && Object.hasOwn(words, aggregation) ? words[aggregation] : undefined
}

function isDict(value: ConfigValue | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
