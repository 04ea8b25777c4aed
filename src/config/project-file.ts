import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import type { ConfigResource } from './config-keys.ts'
import { type ConfigTree, readConfigTree } from './config-tree.ts'
import { badName, laterConfig, pathOutside, wrongType, wrongValue } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import { parseYaml } from './parse-yaml.ts'
import { type ProjectVars, readVars, type Vars } from './read-vars.ts'
import { describeYaml, entryOf, type YamlMap, type YamlNode, type YamlScalar } from './yaml-node.ts'
import { type EvaluateScalar, isNothing, YamlReader } from './yaml-reader.ts'

/** A statement written in YAML: a template of its own. */
export interface StatementText {
  readonly text: string
  /** The text inside the quotes; when `exact` is false its offsets are not those of the text. */
  readonly span: Span
  readonly exact: boolean
}

/** Folders of the project by what they hold; relative to the project, `/` between parts, no `./`. */
export interface ProjectPaths {
  readonly models: readonly string[]
  readonly seeds: readonly string[]
  readonly tests: readonly string[]
  readonly macros: readonly string[]
  readonly analyses: readonly string[]
  readonly snapshots: readonly string[]
  readonly functions: readonly string[]
  /** Folders with Markdown besides the others. */
  readonly docs: readonly string[]
}

/** The packages in which macros of `namespace` are looked for, the first one first. */
export interface DispatchEntry {
  readonly namespace: string
  readonly order: readonly string[]
  readonly span: Span
}

/** `query-comment`: its text is a template. */
export interface QueryCommentEntry {
  /** Null: the usual comment. */
  readonly statement: StatementText | null
  readonly append: boolean
}

export interface ProjectFile {
  readonly name: string
  readonly version: string | null
  readonly profile: string | null
  readonly profileSpan: Span
  readonly paths: ProjectPaths
  /** Where each folder is named, for "lies outside". */
  readonly pathSpans: ReadonlyMap<string, Span>
  readonly targetPath: string
  readonly cleanTargets: readonly string[]
  readonly logPath: string
  readonly packagesPath: string
  /** For the project's own nodes. */
  readonly vars: Vars
  /** Those that packages see as well. A mapping under the name of a package holds variables for that package. */
  readonly commonVars: Vars
  readonly dispatch: readonly DispatchEntry[]
  /** Only nodes of this package may refer to its protected models. */
  readonly restrictAccess: boolean
  readonly onRunStart: readonly StatementText[]
  readonly onRunEnd: readonly StatementText[]
  readonly models: ConfigTree
  readonly seeds: ConfigTree
  readonly sources: ConfigTree
  readonly snapshots: ConfigTree
  readonly tests: ConfigTree
  readonly unitTests: ConfigTree
  readonly exposures: ConfigTree
  readonly exports: ConfigTree
  readonly analyses: ConfigTree
  readonly functions: ConfigTree
  readonly quoting: { readonly [key: string]: ConfigValue }
  readonly flags: { readonly [key: string]: ConfigValue }
  /** Null: statements go without a comment. */
  readonly queryComment: QueryCommentEntry | null
  readonly publishRun: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** Stands for the name of a project that has none, after a report. */
export const placeholderName = 'unnamed'

const PATH_KEYS = {
  'model-paths': ['models', ['models']],
  'seed-paths': ['seeds', ['seeds']],
  'test-paths': ['tests', ['tests']],
  'macro-paths': ['macros', ['macros']],
  'analysis-paths': ['analyses', ['analyses']],
  'snapshot-paths': ['snapshots', ['snapshots']],
  'function-paths': ['functions', ['functions']],
  'docs-paths': ['docs', []],
} as const satisfies Record<string, readonly [keyof ProjectPaths, readonly string[]]>

const KEYS: readonly string[] = [
  'name',
  'version',
  'config-version',
  'profile',
  ...Object.keys(PATH_KEYS),
  'asset-paths',
  'check-paths',
  'packages-install-path',
  'target-path',
  'log-path',
  'clean-targets',
  'require-dbt-version',
  'query-comment',
  'quoting',
  'dispatch',
  'vars',
  'flags',
  'on-run-start',
  'on-run-end',
  'models',
  'seeds',
  'sources',
  'tests',
  'data_tests',
  'snapshots',
  'unit_tests',
  'exposures',
  'metrics',
  'semantic-models',
  'saved-queries',
  'functions',
  'analyses',
  'exports',
  'restrict-access',
  'dbt-cloud',
  'publish',
]

/** Old names of keys, as dbt had them before version 1. */
const RENAMED: Readonly<Record<string, string>> = {
  'source-paths': 'model-paths',
  'data-paths': 'seed-paths',
  'modules-path': 'packages-install-path',
}

/** Reads and checks `project.yml` or `dbt_project.yml`. Mistakes are collected; what is wrong keeps its default. */
export function readProjectFile(file: SourceFile, evaluate: EvaluateScalar): ProjectFile {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const reader = new YamlReader(file, diagnostics, evaluate)
  const where = `\`${file.path}\``
  const hint = (key: string): string | undefined =>
    RENAMED[key] === undefined ? undefined : `it is called \`${RENAMED[key]}\` now`
  const empty: YamlMap = { kind: 'map', entries: [], start: 0, end: 0 }
  const broken = root === undefined && syntax.length > 0
  const map = broken ? empty : (reader.map(root ?? empty, where, KEYS, hint) ?? empty)
  const name = broken ? placeholderName : (readName(reader, map, where) ?? placeholderName)
  const pathSpans = new Map<string, Span>()
  const text = (key: string): string | null => reader.optionalText(map, key, `\`${key}\``) ?? null
  const profileEntry = entryOf(map, 'profile')
  const vars = readProjectVars(reader, map, name)
  checkOthers(reader, map)
  return {
    name,
    version: readVersion(reader, map),
    profile: text('profile'),
    profileSpan: profileEntry === undefined ? { path: file.path, start: 0, end: 0 } : reader.span(profileEntry.value),
    paths: readPaths(reader, map, pathSpans),
    pathSpans,
    targetPath: readPath(reader, map, 'target-path', pathSpans) ?? 'target',
    cleanTargets: readPathList(reader, map, 'clean-targets', pathSpans) ?? ['target'],
    logPath: readPath(reader, map, 'log-path', pathSpans) ?? 'logs',
    packagesPath: readPath(reader, map, 'packages-install-path', pathSpans) ?? 'packages',
    vars: { ...vars.common, ...vars.own },
    commonVars: vars.common,
    dispatch: readDispatch(reader, map),
    restrictAccess: readRestrictAccess(reader, map),
    onRunStart: readStatements(reader, map, 'on-run-start'),
    onRunEnd: readStatements(reader, map, 'on-run-end'),
    models: tree(reader, map, ['models'], 'model', name),
    seeds: tree(reader, map, ['seeds'], 'seed', name),
    sources: tree(reader, map, ['sources'], 'source', name),
    snapshots: tree(reader, map, ['snapshots'], 'snapshot', name),
    tests: tree(reader, map, ['data_tests', 'tests'], 'test', name),
    unitTests: tree(reader, map, ['unit_tests'], 'unit_test', name),
    exposures: tree(reader, map, ['exposures'], 'exposure', name),
    exports: tree(reader, map, ['exports'], 'export', name),
    analyses: tree(reader, map, ['analyses'], 'analysis', name),
    functions: tree(reader, map, ['functions'], 'function', name),
    quoting: readDictionary(reader, map, 'quoting'),
    flags: readDictionary(reader, map, 'flags'),
    queryComment: readQueryComment(reader, map),
    publishRun: readPublish(reader, map),
    diagnostics,
  }
}

function readName(reader: YamlReader, map: YamlMap, where: string): string | undefined {
  const name = reader.requiredText(map, 'name', where, 'name: my_project')
  if (name === undefined || (/^[^\d\W]\w*$/.test(name) && name !== 'duckdb' && name !== 'postgres')) return name
  return reader.report(badName({ what: 'a project', name }, { span: reader.span(entryOf(map, 'name')!.value) }))
}

/** `1.0` is a number in YAML; its text is taken as it stands. */
function readVersion(reader: YamlReader, map: YamlMap): string | null {
  const entry = entryOf(map, 'version')
  if (entry === undefined || isNothing(entry.value)) return null
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'number')
    return reader.file.text.slice(entry.value.start, entry.value.end)
  return reader.text(entry.value, '`version`') ?? null
}

function tree(
  reader: YamlReader,
  map: YamlMap,
  keys: readonly string[],
  resource: ConfigResource,
  project: string,
): ConfigTree {
  const found = keys.flatMap((key) => entryOf(map, key) ?? [])
  return readConfigTree(
    reader,
    found[0]?.key ?? keys[0]!,
    found.map((e) => e.value),
    resource,
    project,
  )
}

function readPaths(reader: YamlReader, map: YamlMap, spans: Map<string, Span>): ProjectPaths {
  const paths: Record<string, readonly string[]> = {}
  for (const [key, [name, fallback]] of Object.entries(PATH_KEYS)) {
    paths[name] = readPathList(reader, map, key, spans) ?? fallback
  }
  return paths as unknown as ProjectPaths
}

function readPathList(
  reader: YamlReader,
  map: YamlMap,
  key: string,
  spans: Map<string, Span>,
): readonly string[] | undefined {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return undefined
  const texts = reader.texts(entry.value, `\`${key}\``)
  return texts?.flatMap((text, i) => {
    const node = entry.value.kind === 'list' ? entry.value.items[i]! : entry.value
    return insidePath(reader, key, text, node, spans) ?? []
  })
}

function readPath(reader: YamlReader, map: YamlMap, key: string, spans: Map<string, Span>): string | undefined {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return undefined
  const text = reader.text(entry.value, `\`${key}\``)
  return text === undefined ? undefined : insidePath(reader, key, text, entry.value, spans)
}

/** The path without `.` and empty parts. Whether links lead out of the project is checked where files are read. */
function insidePath(
  reader: YamlReader,
  key: string,
  text: string,
  node: YamlNode,
  spans: Map<string, Span>,
): string | undefined {
  const parts: string[] = []
  let outside = /^([/\\]|[A-Za-z]:)/.test(text)
  for (const part of text.split(/[/\\]/)) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) outside = true
  }
  if (outside) return reader.report(pathOutside({ key, path: text }, { span: reader.span(node) }))
  const path = parts.join('/')
  spans.set(path, reader.span(node))
  return path
}

function readProjectVars(reader: YamlReader, map: YamlMap, project: string): ProjectVars {
  const entry = entryOf(map, 'vars')
  if (entry === undefined || isNothing(entry.value)) return { common: {}, own: {} }
  return readVars(reader, entry.value, project)
}

function readDispatch(reader: YamlReader, map: YamlMap): readonly DispatchEntry[] {
  return reader.list(entryOf(map, 'dispatch')?.value, '`dispatch`').flatMap((item) => {
    const where = 'an entry of `dispatch`'
    const entry = reader.map(item, where, ['macro_namespace', 'search_order'])
    if (entry === undefined) return []
    const namespace = reader.requiredText(entry, 'macro_namespace', where, 'macro_namespace: a_package')
    const order = entryOf(entry, 'search_order')
    const packages = order === undefined ? undefined : reader.texts(order.value, '`search_order`')
    if (namespace === undefined || packages === undefined) return []
    return [{ namespace, order: packages, span: reader.span(item) }]
  })
}

function readRestrictAccess(reader: YamlReader, map: YamlMap): boolean {
  const entry = entryOf(map, 'restrict-access')
  if (entry === undefined || isNothing(entry.value)) return false
  return reader.boolean(entry.value, '`restrict-access`') === true
}

function readStatements(reader: YamlReader, map: YamlMap, key: string): readonly StatementText[] {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return []
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value]
  return nodes.flatMap((node) => {
    if (node.kind === 'scalar' && typeof node.value === 'string') {
      return node.value.trim() === '' ? [] : [statementAt(reader, node, node.value)]
    }
    reader.report(
      wrongType(
        { what: `\`${key}\``, expected: 'a statement or a list of statements', got: describeYaml(node) },
        { span: reader.span(node) },
      ),
    )
    return []
  })
}

function statementAt(reader: YamlReader, node: YamlScalar, text: string): StatementText {
  const { exact, textStart } = node
  const span = exact ? { path: reader.file.path, start: textStart, end: textStart + text.length } : reader.span(node)
  return { text, span, exact }
}

function readDictionary(reader: YamlReader, map: YamlMap, key: string): { readonly [key: string]: ConfigValue } {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return {}
  if (reader.map(entry.value, `\`${key}\``, undefined) === undefined) return {}
  return (reader.value(entry.value) ?? {}) as { readonly [key: string]: ConfigValue }
}

function readQueryComment(reader: YamlReader, map: YamlMap): QueryCommentEntry | null {
  const entry = entryOf(map, 'query-comment')
  if (entry === undefined) return { statement: null, append: false }
  if (entry.value.kind !== 'map') return commentOf(reader, entry.value, false)
  const inner = reader.map(entry.value, '`query-comment`', ['comment', 'append', 'job-label'])!
  const append = reader.optionalBoolean(inner, 'append', '`append`') === true
  const label = entryOf(inner, 'job-label')
  if (label !== undefined && reader.boolean(label.value, '`job-label`') === true)
    reader.report(
      laterConfig({ key: 'job-label', reason: 'only BigQuery has labels of jobs' }, { span: reader.keySpan(label) }),
    )
  const comment = entryOf(inner, 'comment')
  return comment === undefined ? { statement: null, append } : commentOf(reader, comment.value, append)
}

/** Nothing, or an empty text, switches the comment off. */
function commentOf(reader: YamlReader, node: YamlNode, append: boolean): QueryCommentEntry | null {
  if (isNothing(node)) return null
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    const expected = 'a text, or a mapping with `comment` and `append`'
    return (
      reader.report(
        wrongType({ what: '`query-comment`', expected, got: describeYaml(node) }, { span: reader.span(node) }),
      ) ?? null
    )
  }
  return node.value.trim() === '' ? null : { statement: statementAt(reader, node, node.value), append }
}

function readPublish(reader: YamlReader, map: YamlMap): boolean {
  const entry = entryOf(map, 'publish')
  if (entry === undefined || isNothing(entry.value)) return false
  return reader.choice(entry.value, 'value of `publish`', ['unit', 'run']) === 'run'
}

/** Keys that are checked and otherwise without consequence. */
function checkOthers(reader: YamlReader, map: YamlMap): void {
  const version = entryOf(map, 'config-version')
  if (version !== undefined && reader.value(version.value) !== 2)
    reader.report(
      wrongValue(
        { what: 'config-version', value: String(reader.value(version.value)), allowed: ['2'] },
        { span: reader.span(version.value) },
      ),
    )
  // It speaks of dbt's own versions; a project that is run by both keeps it.
  const required = entryOf(map, 'require-dbt-version')
  if (required !== undefined) reader.texts(required.value, '`require-dbt-version`')
}
