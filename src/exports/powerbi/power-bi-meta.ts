import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../config/yaml-node.ts'
import { isNothing, YamlReader } from '../../config/yaml-reader.ts'
import type { MetadataPlaces } from '../tableau/metadata-places.ts'
import { placedValue } from '../tableau/placed-value.ts'
import type { DescribedRelation } from '../tableau/read-table-metadata.ts'
import { sectionMisspelt } from './errors.ts'
import { modelFormat } from './model-format.ts'
import type { Measure, SummarizeBy } from './semantic-model.ts'

type DescribedColumn = DescribedRelation['columns'][number]
type Dict = { readonly [key: string]: ConfigValue }

/** The key of `meta` under which a project speaks to Power BI. */
const KEY = 'power_bi'

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

const SUMMARIES: { readonly [word: string]: SummarizeBy } = {
  none: 'none',
  sum: 'sum',
  average: 'average',
  min: 'min',
  max: 'max',
  count: 'count',
  distinct_count: 'distinctCount',
}

/** Of data that reports show on a map, or as a link. */
const CATEGORIES: { readonly [word: string]: string | null } = {
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
  none: null,
}

/** Names of columns that leave no doubt what is in them. */
const TELLING: { readonly [name: string]: string } = {
  city: 'City',
  continent: 'Continent',
  country: 'Country',
  country_code: 'Country',
  image_url: 'ImageUrl',
  postal_code: 'PostalCode',
  state: 'StateOrProvince',
  web_url: 'WebUrl',
  zip: 'PostalCode',
  zip_code: 'PostalCode',
}

/** What a column's name tells of it. */
export function categoryOfName(name: string): string | null {
  const key = name.toLowerCase()
  return Object.hasOwn(TELLING, key) ? TELLING[key]! : null
}

/** Mistakes are added to `diagnostics`, and what is wrong counts as not said. */
export function readTableHints(
  table: DescribedRelation,
  places: MetadataPlaces,
  diagnostics: Diagnostic[],
): TableHints {
  const where = `\`meta.${KEY}\` of \`${table.node.name}\``
  const said = open(table, null, { places, diagnostics })
  const map = said?.reader.map(said.node, where, ['caption', 'hidden', 'date_table', 'measures'])
  const caption = softText(table.meta, 'caption')
  if (said === undefined || map === undefined) return { caption, hidden: false, dateTable: undefined, measures: [] }
  const { reader } = said
  const measures = reader.list(entryOf(map, 'measures')?.value, `\`measures\` of ${where}`)
  return {
    caption: reader.optionalText(map, 'caption', `\`caption\` of ${where}`) ?? caption,
    hidden: reader.optionalBoolean(map, 'hidden', `\`hidden\` of ${where}`) ?? false,
    dateTable: reader.optionalBoolean(map, 'date_table', `\`date_table\` of ${where}`),
    measures: measures.flatMap((node) => readMeasure(reader, node, `a measure of \`${table.node.name}\``) ?? []),
  }
}

/** As `readTableHints`. */
export function readColumnHints(
  table: DescribedRelation,
  column: DescribedColumn,
  context: { readonly places: MetadataPlaces; readonly diagnostics: Diagnostic[] },
): ColumnHints {
  const where = `\`meta.${KEY}\` of the column \`${column.name}\``
  const said = open(table, column, context)
  const keys = ['caption', 'hidden', 'format', 'summarize_by', 'data_category', 'folder', 'sort_by']
  const map = said?.reader.map(said.node, where, keys)
  const soft = softHints(column.meta)
  if (said === undefined || map === undefined) return soft
  const { reader } = said
  const text = (key: string): string | undefined => reader.optionalText(map, key, `\`${key}\` of ${where}`)
  const word = <T>(key: string, words: { readonly [word: string]: T }): T | undefined => {
    const node = given(map, key)
    const chosen = node === undefined ? undefined : reader.choice(node, `\`${key}\` of ${where}`, Object.keys(words))
    return chosen === undefined ? undefined : words[chosen]
  }
  const format = text('format')
  const category = word('data_category', CATEGORIES)
  return {
    caption: text('caption') ?? soft.caption,
    hidden: reader.optionalBoolean(map, 'hidden', `\`hidden\` of ${where}`) ?? soft.hidden,
    format: format === undefined ? soft.format : modelFormat(format),
    summarizeBy: word('summarize_by', SUMMARIES) ?? soft.summarizeBy,
    category: category === undefined ? soft.category : category,
    folder: text('folder') ?? soft.folder,
    sortBy: text('sort_by'),
  }
}

function readMeasure(reader: YamlReader, node: YamlNode, what: string): Measure | undefined {
  const map = reader.map(node, what, ['name', 'expression', 'format', 'description', 'folder', 'hidden'])
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', what, 'name: Revenue')
  const where = name === undefined ? what : `the measure \`${name}\``
  const expression = reader.requiredText(map, 'expression', where, 'expression: SUM(orders[amount])')
  if (name === undefined || expression === undefined) return undefined
  const text = (key: string): string | null => reader.optionalText(map, key, `\`${key}\` of ${where}`) ?? null
  const format = text('format')
  const written = entryOf(map, 'expression')!.value
  return {
    name,
    expression,
    format: format === null ? null : modelFormat(format),
    description: text('description') ?? '',
    folder: text('folder'),
    hidden: reader.optionalBoolean(map, 'hidden', `\`hidden\` of ${where}`) ?? false,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    span: reader.span(written),
    textStart: written.kind === 'scalar' && written.exact ? written.textStart : null,
  }
}

/** What is said, with a reader for it; undefined when nothing is. */
function open(
  table: DescribedRelation,
  column: DescribedColumn | null,
  context: { readonly places: MetadataPlaces; readonly diagnostics: Diagnostic[] },
): { readonly reader: YamlReader; readonly node: YamlNode } | undefined {
  warnOfSpelling(table, column, context.diagnostics)
  const value = (column ?? table).meta[KEY]
  if (value === undefined || value === null) return undefined
  const { places, diagnostics } = context
  const span = column?.span ?? null
  const place = span === null ? places.ofNode(table.node, KEY) : places.ofColumn(span, KEY)
  const written = column !== null && span === null ? undefined : place.written
  // The values are evaluated already: whatever they hold is text.
  const reader = new YamlReader(place.file, diagnostics, (text) => text)
  return { reader, node: placedValue(value, written, place.whole) }
}

function warnOfSpelling(table: DescribedRelation, column: DescribedColumn | null, diagnostics: Diagnostic[]): void {
  const key = Object.keys((column ?? table).meta).find((k) => k !== KEY && /^power.?bi$/i.test(k))
  if (key === undefined) return
  const where = column === null ? `\`${table.node.name}\`` : `the column \`${column.name}\``
  diagnostics.push(sectionMisspelt({ key, where }, { span: column?.span ?? table.node.span }))
}

function given(map: YamlMap, key: string): YamlNode | undefined {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? undefined : entry.value
}

/** What is meant for Tableau is taken where it fits; it is checked where Tableau's files are made. */
function softHints(meta: Dict): ColumnHints {
  const format = softText(meta, 'format')
  const place = softText(meta, 'geographic_role')
  return {
    caption: softText(meta, 'caption'),
    hidden: softly(meta, 'hidden') === true ? true : undefined,
    format: format === undefined ? undefined : modelFormat(format),
    summarizeBy: softSummary(meta),
    category: place !== undefined && Object.hasOwn(CATEGORIES, place) ? CATEGORIES[place] : undefined,
    folder: softText(meta, 'folder'),
    sortBy: undefined,
  }
}

function softSummary(meta: Dict): SummarizeBy | undefined {
  if (softly(meta, 'role') === 'dimension') return 'none'
  const words = { ...SUMMARIES, avg: 'average', count_distinct: 'distinctCount' } as const
  const aggregation = softText(meta, 'aggregation')
  return aggregation !== undefined && Object.hasOwn(words, aggregation)
    ? words[aggregation as keyof typeof words]
    : undefined
}

function softText(meta: Dict, key: string): string | undefined {
  const value = softly(meta, key)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function softly({ tableau }: Dict, key: string): ConfigValue | undefined {
  if (typeof tableau !== 'object' || tableau === null || Array.isArray(tableau)) return undefined
  return (tableau as Dict)[key]
}
