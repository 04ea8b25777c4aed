import { entryOf, type YamlMap, type YamlNode } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'
import { wrongOption } from './errors.ts'
import { type OutOfRange, readOutOfRange } from './out-of-range.ts'

export interface HyperOptions {
  /** Of the file's format; 2 is read by every Tableau since 2021. */
  readonly version: 0 | 1 | 2 | 3 | 4
  readonly schema: string
  /** Of a file with one table; null: `Extract`. */
  readonly table: string | null
  /** Names in the file by names of relations, where they differ. */
  readonly tables: { readonly [relation: string]: string }
  /** What becomes of decimals of more than 18 digits. */
  readonly decimals: 'exact' | 'double' | 'text'
  readonly intervals: 'text' | 'seconds'
  readonly outOfRange: OutOfRange
  /** Whether keys are told, which Tableau makes relationships of. */
  readonly keys: boolean
}

/** What is said of an extract wherever it lies: in a file of its own or in a package. */
export const EXTRACT_KEYS = ['version', 'decimals', 'intervals', 'out_of_range'] as const
const KEYS = [...EXTRACT_KEYS, 'schema', 'table', 'tables', 'keys']

/** `options` of `format: hyper`. */
export function readHyperOptions(reader: YamlReader, map: YamlMap, where: string): HyperOptions {
  reader.map(map, `\`options\` of ${where}`, KEYS)
  return {
    ...readExtractOptions(reader, map),
    schema: readName(reader, map, 'schema') ?? 'Extract',
    table: readName(reader, map, 'table') ?? null,
    tables: readTables(reader, map, where),
    keys: reader.optionalBoolean(map, 'keys', '`keys`') ?? true,
  }
}

/** The options by `EXTRACT_KEYS`, and the usual names and keys. */
export function readExtractOptions(reader: YamlReader, map: YamlMap): HyperOptions {
  const choice = <T extends string>(key: string, allowed: readonly [T, ...T[]]): T => {
    const node = given(map, key)
    return (node === undefined ? undefined : reader.choice(node, `value of \`${key}\``, allowed)) ?? allowed[0]
  }
  return {
    version: readVersion(reader, map),
    decimals: choice('decimals', ['exact', 'double', 'text']),
    intervals: choice('intervals', ['text', 'seconds']),
    outOfRange: readOutOfRange(reader, map),
    schema: 'Extract',
    table: null,
    tables: {},
    keys: true,
  }
}

function given(map: YamlMap, key: string): YamlNode | undefined {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? undefined : entry.value
}

function readVersion(reader: YamlReader, map: YamlMap): HyperOptions['version'] {
  const node = given(map, 'version')
  const version = node === undefined ? undefined : reader.integer(node, '`version`', 0)
  if (version === undefined) return 2
  if (version <= 4) return version as HyperOptions['version']
  const what = `\`version\` is ${version}: versions of \`.hyper\` files are 0 to 4`
  reader.report(
    wrongOption({ what, hint: 'leave it out (2), or write 3 for decimals of 38 digits' }, { span: reader.span(node!) }),
  )
  return 2
}

function readName(reader: YamlReader, map: YamlMap, key: string): string | undefined {
  const node = given(map, key)
  return node === undefined ? undefined : checkedName(reader, node, `\`${key}\``)
}

function checkedName(reader: YamlReader, node: YamlNode, what: string): string | undefined {
  const name = reader.text(node, what)
  if (name === undefined || (name.trim() !== '' && !name.includes('\0'))) return name
  return reader.report(wrongOption({ what: `${what} is an empty name` }, { span: reader.span(node) }))
}

function readTables(reader: YamlReader, map: YamlMap, where: string): HyperOptions['tables'] {
  const node = given(map, 'tables')
  const names = node === undefined ? undefined : reader.map(node, `\`tables\` of ${where}`, undefined)
  const seen = new Map<string, string>()
  for (const entry of names?.entries ?? []) {
    const name = checkedName(reader, entry.value, `\`${entry.key}\` of \`tables\``)
    if (name === undefined) continue
    const other = [...seen].find(([, taken]) => taken.toLowerCase() === name.toLowerCase())?.[0]
    if (other === undefined) seen.set(entry.key, name)
    else {
      const what = `\`${other}\` and \`${entry.key}\` have one name in the file: \`${name}\``
      reader.report(
        wrongOption({ what, hint: 'give each table a name of its own' }, { span: reader.span(entry.value) }),
      )
    }
  }
  return Object.fromEntries(seen)
}
