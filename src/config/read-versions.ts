import { didYouMean } from '../base/nearest.ts'
import type { ConfigLayer } from './config-layer.ts'
import {
  duplicateVersion,
  unknownColumnOfVersion,
  unknownLatestVersion,
  unorderedVersions,
  wrongType,
} from './errors.ts'
import type { ColumnEntry, NodeEntry, VersionEntry, VersionId } from './property-types.ts'
import { readColumnList, readConstraints } from './read-columns.ts'
import { readDate } from './read-date.ts'
import { readDocumented } from './read-description.ts'
import { readTests } from './read-tests.ts'
import { areComparable, compareVersions } from './version-order.ts'
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { describeValue, isNothing, type YamlReader } from './yaml-reader.ts'

const VERSION_KEYS = [
  'v',
  'name',
  'defined_in',
  'description',
  'config',
  'columns',
  'tests',
  'data_tests',
  'constraints',
  'docs',
  'meta',
  'access',
  'group',
  'deprecation_date',
] as const

/** What a model says for all its versions. */
export type VersionBase = Omit<NodeEntry, 'versions' | 'latestVersion'>

export interface VersionReading {
  readonly base: VersionBase
  readonly where: string
  readonly readConfig: (map: YamlMap, where: string) => ConfigLayer
}

/** `versions:` and `latest_version:` of a model. */
export function readVersions(
  reader: YamlReader,
  map: YamlMap,
  reading: VersionReading,
): Pick<NodeEntry, 'versions' | 'latestVersion'> {
  const entry = filled(map, 'versions')
  const versions: VersionEntry[] = []
  for (const item of reader.list(entry?.value, `\`versions\` of ${reading.where}`)) {
    const version = readVersion(reader, item, reading)
    if (version === undefined) continue
    const earlier = versions.find((v) => String(v.id) === String(version.id))
    if (earlier === undefined) versions.push(version)
    else {
      const labels = [{ span: earlier.span, text: 'first here' }]
      reader.report(duplicateVersion({ version: version.id, where: reading.where }, { span: version.span, labels }))
    }
  }
  return { versions, latestVersion: readLatest(reader, map, versions, reading.where) }
}

function readLatest(
  reader: YamlReader,
  map: YamlMap,
  versions: readonly VersionEntry[],
  where: string,
): NodeEntry['latestVersion'] {
  const ids = versions.map((v) => v.id)
  const written = filled(map, 'latest_version')
  if (written !== undefined) {
    const id = readId(reader, written.value, '`latest_version`')
    const span = reader.span(written.value)
    if (id === undefined) return null
    const known = ids.find((v) => String(v) === String(id))
    if (known !== undefined) return { id: known, span }
    reader.report(unknownLatestVersion({ version: id, known: ids, where }, { span }))
    return null
  }
  const [last] = [...versions].sort((a, b) => compareVersions(b.id, a.id))
  if (last === undefined) return null
  if (!areComparable(ids)) reader.report(unorderedVersions({ versions: ids, where }, { span: last.span }))
  return { id: last.id, span: last.span }
}

function readId(reader: YamlReader, node: YamlNode, what: string): VersionId | undefined {
  const value = reader.value(node)
  if (typeof value === 'number' || (typeof value === 'string' && /^[\w.]+$/.test(value))) return value
  if (value === undefined) return undefined
  const got = typeof value === 'string' ? `\`${value}\`` : describeValue(value)
  return reader.report(
    wrongType({ what, expected: 'a number, or text of letters, digits and `_`', got }, { span: reader.span(node) }),
  )
}

function readVersion(reader: YamlReader, node: YamlNode, reading: VersionReading): VersionEntry | undefined {
  const { base } = reading
  const map = reader.map(node, `a version of ${reading.where}`, VERSION_KEYS)
  const v = map === undefined ? undefined : filled(map, 'v')
  if (map === undefined) return undefined
  if (v === undefined) return void reader.requiredText(map, 'v', `a version of ${reading.where}`, 'v: 2')
  const id = readId(reader, v.value, '`v`')
  if (id === undefined) return undefined
  const span = reader.span(v.value)
  const where = `version \`${id}\` of ${reading.where}`
  const definedIn = filled(map, 'defined_in')
  const file = definedIn === undefined ? undefined : reader.text(definedIn.value, '`defined_in`')
  const own = entryOf(map, 'tests') ?? entryOf(map, 'data_tests')
  const constraints = filled(map, 'constraints')
  const documented = readDocumented(reader, map)
  const entry: NodeEntry = {
    ...base,
    nameSpan: span,
    ...(documented.description === '' ? {} : { docBlocks: undefined, ...documented }),
    config: [...base.config, ...reading.readConfig(map, where)],
    columns: readVersionColumns(reader, map, base.columns, where),
    tests: own === undefined ? base.tests : readTests(reader, map),
    constraints: constraints === undefined ? base.constraints : readConstraints(reader, map, where, 'model'),
    deprecation: readDate(reader, map, 'deprecation_date') ?? base.deprecation,
    versions: [],
    latestVersion: null,
  }
  return {
    id,
    span,
    definedIn: file === undefined ? null : { name: file, span: reader.span(definedIn!.value) },
    node: entry,
  }
}

/** The model's columns that `include` and `exclude` leave, then those that the version describes itself. */
function readVersionColumns(
  reader: YamlReader,
  map: YamlMap,
  base: readonly ColumnEntry[],
  where: string,
): readonly ColumnEntry[] {
  const entry = filled(map, 'columns')
  if (entry === undefined) return base
  const items = reader.list(entry.value, `\`columns\` of ${where}`)
  const rules = items.filter(isRule)
  const own = readColumnList(
    reader,
    items.filter((item) => !isRule(item)),
    where,
  )
  const rule = readRule(reader, rules, base, where)
  const kept = base.filter((c) => rule(c.name) && !own.some((o) => o.name.toLowerCase() === c.name.toLowerCase()))
  return [...kept, ...own]
}

function isRule(node: YamlNode): boolean {
  return node.kind === 'map' && (entryOf(node, 'include') ?? entryOf(node, 'exclude')) !== undefined
}

/** Which of the model's columns a version has; without a rule all of them, as in dbt. */
function readRule(
  reader: YamlReader,
  rules: readonly YamlNode[],
  base: readonly ColumnEntry[],
  where: string,
): (name: string) => boolean {
  const [first, second] = rules
  if (second !== undefined) {
    const got = 'several'
    reader.report(
      wrongType(
        { what: `\`columns\` of ${where}`, expected: 'a list with one `include` at most', got },
        { span: reader.span(second) },
      ),
    )
  }
  const map = first === undefined ? undefined : reader.map(first, `\`columns\` of ${where}`, ['include', 'exclude'])
  if (map === undefined) return () => true
  const include = filled(map, 'include')
  const exclude = filled(map, 'exclude')
  const whole = include === undefined || isAll(include.value)
  const included = whole ? undefined : columnNames(reader, include, base)
  const excluded = exclude === undefined ? undefined : columnNames(reader, exclude, base)
  if (!whole && exclude !== undefined)
    reader.report(
      wrongType(
        { what: '`exclude`', expected: 'left out when `include` lists columns', got: 'a list' },
        { span: reader.keySpan(exclude) },
      ),
    )
  return (name) => included?.has(name.toLowerCase()) !== false && excluded?.has(name.toLowerCase()) !== true
}

function isAll(node: YamlNode): boolean {
  return node.kind === 'scalar' && (node.value === 'all' || node.value === '*')
}

function columnNames(reader: YamlReader, entry: YamlEntry, base: readonly ColumnEntry[]): ReadonlySet<string> {
  const known = base.map((c) => c.name)
  const names = reader.texts(entry.value, `\`${entry.key}\``) ?? []
  for (const [i, name] of names.entries()) {
    if (known.some((k) => k.toLowerCase() === name.toLowerCase())) continue
    const node = entry.value.kind === 'list' ? entry.value.items[i]! : entry.value
    reader.report(
      unknownColumnOfVersion({ key: entry.key, name, hint: didYouMean(name, known) }, { span: reader.span(node) }),
    )
  }
  return new Set(names.map((name) => name.toLowerCase()))
}

function filled(map: YamlMap, key: string): YamlEntry | undefined {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? undefined : entry
}
