import type { ConfigLayer } from './config-layer.ts'
import { readConfigEntries } from './config-layer.ts'
import { badName, loadedAtTwice, unsupportedKey } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import type { FreshnessEntry, FreshnessPlaces, SourceEntry } from './property-types.ts'
import { readColumns } from './read-columns.ts'
import { readDescription, readDocumented } from './read-description.ts'
import { readFilesSpec } from './read-files-spec.ts'
import { readFreshness } from './read-freshness.ts'
import { readTests } from './read-tests.ts'
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const SHARED = [
  'description',
  'database',
  'schema',
  'loader',
  'quoting',
  'freshness',
  'loaded_at_field',
  'loaded_at_query',
  'meta',
  'tags',
  'config',
] as const
const SOURCE_KEYS: readonly string[] = ['name', 'tables', 'overrides', 'tests', 'data_tests', ...SHARED]
const TABLE_KEYS: readonly string[] = [
  'name',
  'identifier',
  'columns',
  'tests',
  'data_tests',
  'files',
  'external',
  ...SHARED.filter((k) => k !== 'schema' && k !== 'database'),
]
/** Keys that may stand beside or inside `config:` and mean the same. */
const CONFIG_BESIDE = ['meta', 'tags', 'freshness', 'loaded_at_field', 'loaded_at_query'] as const

type Dictionary = { readonly [key: string]: ConfigValue }

/** What a source says for all its tables, or a table for itself. */
interface SharedPart {
  readonly config: ConfigLayer
  readonly loader: string | undefined
  readonly quoting: Dictionary
  /** Null: switched off. */
  readonly freshness: FreshnessEntry | null | undefined
  readonly loadedAtField: string | undefined
  readonly loadedAtQuery: string | undefined
  readonly places: FreshnessPlaces
}

/** One entry of `sources:` -> its tables. */
export function readSource(reader: YamlReader, node: YamlNode): readonly SourceEntry[] {
  const map = reader.map(node, 'a source', SOURCE_KEYS)
  if (map === undefined) return []
  const name = readName(reader, map, 'a source')
  if (name === undefined) return []
  const where = `the source \`${name}\``
  for (const key of ['overrides', 'tests', 'data_tests']) {
    const entry = entryOf(map, key)
    const reason = key === 'overrides' ? 'there are no packages' : 'tests belong to the tables of a source'
    if (entry !== undefined && !isNothing(entry.value))
      reader.report(unsupportedKey({ key, where, reason }, { span: reader.keySpan(entry) }))
  }
  const shared = readShared(reader, map, where)
  const source = {
    sourceName: name,
    sourceNameSpan: reader.span(entryOf(map, 'name')!.value),
    sourceDescription: readDescription(reader, map),
    sourceMeta: metaOf(shared.config),
    database: reader.optionalText(map, 'database', '`database`') ?? null,
    schema: reader.optionalText(map, 'schema', '`schema`') ?? name,
    unrenderedPlace: { database: writtenText(reader, map, 'database'), schema: writtenText(reader, map, 'schema') },
  }
  return reader
    .list(entryOf(map, 'tables')?.value, `\`tables\` of ${where}`)
    .flatMap((item) => readTable(reader, item, source, shared) ?? [])
}

type SourceHead = Pick<
  SourceEntry,
  'sourceName' | 'sourceNameSpan' | 'sourceDescription' | 'sourceMeta' | 'database' | 'schema' | 'unrenderedPlace'
>

function readTable(
  reader: YamlReader,
  node: YamlNode,
  source: SourceHead,
  shared: SharedPart,
): SourceEntry | undefined {
  const map = reader.map(node, `a table of the source \`${source.sourceName}\``, TABLE_KEYS)
  if (map === undefined) return undefined
  const name = readName(reader, map, `a table of the source \`${source.sourceName}\``)
  if (name === undefined) return undefined
  const where = `the source table \`${source.sourceName}.${name}\``
  const external = entryOf(map, 'external')
  if (external !== undefined && !isNothing(external.value))
    reader.report(
      unsupportedKey(
        { key: 'external', where, reason: 'describe files with `files:`' },
        { span: reader.keySpan(external) },
      ),
    )
  const own = readShared(reader, map, where)
  const files = entryOf(map, 'files')
  return {
    ...source,
    name,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    ...readDocumented(reader, map),
    identifier: reader.optionalText(map, 'identifier', '`identifier`') ?? name,
    loader: own.loader ?? shared.loader ?? '',
    quoting: { ...shared.quoting, ...own.quoting },
    freshness: mergeFreshness(shared.freshness, own.freshness),
    ...loadedAtOf(shared, own),
    files: files === undefined || isNothing(files.value) ? null : (readFilesSpec(reader, files.value, where) ?? null),
    config: [shared.config, own.config],
    columns: readColumns(reader, map, where),
    tests: readTests(reader, map),
  }
}

function readShared(reader: YamlReader, map: YamlMap, where: string): SharedPart {
  const inner = entryOf(map, 'config')
  const config =
    inner === undefined || isNothing(inner.value)
      ? undefined
      : reader.map(inner.value, `\`config\` of ${where}`, undefined)
  const beside = CONFIG_BESIDE.flatMap((key) => entryOf(map, key) ?? [])
  const entries: YamlEntry[] = [...beside, ...(config?.entries ?? [])]
  const last = (key: string): YamlEntry | undefined => entries.findLast((e) => e.key === key)
  const freshness = last('freshness')
  const quoting = entryOf(map, 'quoting')
  const settings = entries.filter(
    (e) => e.key !== 'freshness' && e.key !== 'loaded_at_field' && e.key !== 'loaded_at_query',
  )
  const text = (key: string): string | undefined => {
    const entry = last(key)
    return entry === undefined || isNothing(entry.value) ? undefined : reader.text(entry.value, `\`${key}\``)
  }
  const placeOf = (key: string) => {
    const entry = last(key)
    return entry === undefined || isNothing(entry.value) ? undefined : reader.span(entry.value)
  }
  const loadedAtQuery = readQuery(reader, last('loaded_at_query'))
  const [field, query] = [last('loaded_at_field'), last('loaded_at_query')]
  if (field !== undefined && query !== undefined && !isNothing(field.value) && !isNothing(query.value)) {
    const [first, second] = field.keyStart < query.keyStart ? [field, query] : [query, field]
    reader.report(loadedAtTwice({ where, first: first.key }, { span: reader.keySpan(second) }))
  }
  return {
    config: readConfigEntries(reader, settings, 'source'),
    loader: reader.optionalText(map, 'loader', '`loader`'),
    quoting: quoting === undefined || isNothing(quoting.value) ? {} : readQuoting(reader, quoting.value, where),
    freshness:
      freshness === undefined
        ? undefined
        : isNothing(freshness.value)
          ? null
          : readFreshness(reader, freshness.value, where),
    loadedAtField: text('loaded_at_field'),
    loadedAtQuery,
    places: {
      freshness: freshness === undefined ? undefined : reader.keySpan(freshness),
      loadedAtField: placeOf('loaded_at_field'),
      loadedAtQuery: placeOf('loaded_at_query'),
    },
  }
}

/** A table that says either key says both: the other one of its source does not reach it. */
function loadedAtOf(
  shared: SharedPart,
  own: SharedPart,
): Pick<SourceEntry, 'loadedAtField' | 'loadedAtQuery' | 'freshnessPlaces'> {
  const from = own.loadedAtField === undefined && own.loadedAtQuery === undefined ? shared : own
  return {
    loadedAtField: from.loadedAtField ?? null,
    loadedAtQuery: from.loadedAtQuery ?? null,
    freshnessPlaces: { ...from.places, freshness: own.places.freshness ?? shared.places.freshness },
  }
}

/** A template of its own: evaluated when freshness is measured, not while the file is read. */
function readQuery(reader: YamlReader, entry: YamlEntry | undefined): string | undefined {
  if (entry === undefined || isNothing(entry.value)) return undefined
  const raw = reader.raw(entry.value)
  return typeof raw === 'string' ? raw : reader.text(entry.value, '`loaded_at_query`')
}

function readQuoting(reader: YamlReader, node: YamlNode, where: string): Dictionary {
  const map = reader.map(node, `\`quoting\` of ${where}`, ['database', 'schema', 'identifier', 'column'])
  const out: Record<string, ConfigValue> = {}
  for (const entry of map?.entries ?? []) {
    const value = reader.boolean(entry.value, `\`${entry.key}\``)
    if (value !== undefined) out[entry.key] = value
  }
  return out
}

function writtenText(reader: YamlReader, map: YamlMap, key: string): string | null {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? null : String(reader.raw(entry.value))
}

function readName(reader: YamlReader, map: YamlMap, where: string): string | undefined {
  const name = reader.requiredText(map, 'name', where, 'name: orders')
  if (name === undefined || /^[^\s./\\]+$/.test(name)) return name
  return reader.report(badName({ what: where, name }, { span: reader.span(entryOf(map, 'name')!.value) }))
}

function metaOf(config: ConfigLayer): Dictionary {
  let meta: Dictionary = {}
  for (const setting of config)
    if (setting.key === 'meta' && !setting.refused) meta = { ...meta, ...(setting.value as Dictionary) }
  return meta
}

/** As in dbt: each rule of the table replaces that of the source; null switches all of it off. */
function mergeFreshness(
  source: FreshnessEntry | null | undefined,
  table: FreshnessEntry | null | undefined,
): FreshnessEntry | null | undefined {
  if (table === null || source === undefined || source === null) return table === undefined ? source : table
  if (table === undefined) return source
  return {
    warn_after: table.warn_after.count === null ? source.warn_after : table.warn_after,
    error_after: table.error_after.count === null ? source.error_after : table.error_after,
    filter: table.filter ?? source.filter,
  }
}
