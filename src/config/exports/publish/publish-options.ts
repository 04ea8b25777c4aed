import { durationMs } from '../../../base/duration.ts'
import type { Span } from '../../../base/span.ts'
import { wrongType } from '../../errors.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { isNothing, type YamlReader } from '../../yaml-reader.ts'
import { accountInFile, badProjectPath, badPublishedName, notPublishable } from './errors.ts'

/** What an export says of its publication on a Tableau site. Where the site is stands in the environment. */
export interface PublishOptions {
  /** Names of projects, from the top of the site on. */
  readonly project: readonly string[]
  readonly name: string
  readonly description: string | null
  /** Whether content of the same name is replaced. */
  readonly overwrite: boolean
  /** Of a workbook: its sheets as tabs. */
  readonly showTabs: boolean
  /** Of a workbook: do not try the connections that it has. */
  readonly skipConnectionCheck: boolean
  /** Of a workbook: let the server look whether it can be opened, where it can. */
  readonly validate: boolean
  /** Whether the server works on it by itself; null: when the file is sent in pieces. */
  readonly asJob: boolean | null
  /** How long its job may take. */
  readonly timeoutMs: number
}

export interface PublishEntry {
  readonly options: PublishOptions
  readonly span: Span
  readonly projectSpan: Span
  readonly nameSpan: Span
}

export type PublishedKind = 'datasource' | 'workbook'

/** What files of a format become on a site. */
export const publishedKinds: Readonly<Record<string, PublishedKind>> = {
  hyper: 'datasource',
  tds: 'datasource',
  tdsx: 'datasource',
  parquet: 'datasource',
  twb: 'workbook',
  twbx: 'workbook',
}

const forWorkbooks = ['show_tabs', 'skip_connection_check', 'validate'] as const
const KEYS = ['project', 'name', 'description', 'overwrite', 'as_job', 'timeout'] as const
const accountKeys: Readonly<Record<string, string>> = {
  server: 'TABLEAU_SERVER',
  url: 'TABLEAU_SERVER',
  host: 'TABLEAU_SERVER',
  site: 'TABLEAU_SITE',
  token_name: 'TABLEAU_PAT_NAME',
  pat_name: 'TABLEAU_PAT_NAME',
  token: 'TABLEAU_PAT_SECRET',
  token_secret: 'TABLEAU_PAT_SECRET',
  pat_secret: 'TABLEAU_PAT_SECRET',
  secret: 'TABLEAU_PAT_SECRET',
  password: 'TABLEAU_PAT_SECRET',
}

export interface PublishedExport {
  /** For messages: `the export \`sales\``. */
  readonly where: string
  readonly format: string
  /** The name on the site when `publish` gives none. */
  readonly defaultName: string
}

/** `publish` of an export. */
export function readPublishOptions(
  reader: YamlReader,
  node: YamlNode,
  { where, format, defaultName }: PublishedExport,
): PublishEntry | undefined {
  const kind = publishedKinds[format]
  if (kind === undefined) {
    const formats = Object.keys(publishedKinds)
    return reader.report(notPublishable({ where, format, formats }, { span: reader.span(node) }))
  }
  const what = `\`publish\` of ${where}`
  const map = reader.map(node, what, undefined)
  if (map === undefined) return undefined
  const known = kind === 'workbook' ? [...KEYS, ...forWorkbooks] : [...KEYS]
  if (!checkKeys(reader, map, { what, known })) return undefined
  const project = readProject(reader, map, what)
  const name = readName(reader, map, defaultName)
  if (project === undefined || name === undefined) return undefined
  const flag = (key: string): boolean | undefined => reader.optionalBoolean(map, key, `\`${key}\` of ${what}`)
  const options: PublishOptions = {
    project,
    name,
    description: reader.optionalText(map, 'description', `\`description\` of ${what}`) ?? null,
    overwrite: flag('overwrite') ?? false,
    showTabs: flag('show_tabs') ?? false,
    skipConnectionCheck: flag('skip_connection_check') ?? false,
    validate: flag('validate') ?? true,
    asJob: flag('as_job') ?? null,
    timeoutMs: readTimeout(reader, map, what),
  }
  const spanOf = (key: string): Span => {
    const entry = entryOf(map, key)
    return reader.span(entry === undefined ? node : entry.value)
  }
  return { options, span: reader.span(node), projectSpan: spanOf('project'), nameSpan: spanOf('name') }
}

function checkKeys(
  reader: YamlReader,
  map: YamlMap,
  { what, known }: { what: string; known: readonly string[] },
): boolean {
  const account = map.entries.filter((entry) => Object.hasOwn(accountKeys, entry.key))
  for (const { key, keyStart, keyEnd } of account)
    reader.report(
      accountInFile(
        { key, where: what, variable: accountKeys[key]! },
        { span: { path: reader.file.path, start: keyStart, end: keyEnd } },
      ),
    )
  const others = map.entries.filter((entry) => !account.includes(entry))
  reader.map({ ...map, entries: others }, what, known, (key) =>
    (forWorkbooks as readonly string[]).includes(key) ? 'only a workbook (`twb`, `twbx`) has it' : undefined,
  )
  return account.length === 0
}

/** `/Marketing/EMEA`, where `//` is a slash within a name, or a list of names. */
function readProject(reader: YamlReader, map: YamlMap, what: string): readonly string[] | undefined {
  const entry = entryOf(map, 'project')
  if (entry === undefined || isNothing(entry.value)) {
    reader.requiredText(map, 'project', what, 'project: /Marketing/EMEA')
    return undefined
  }
  if (entry.value.kind === 'list') {
    const names = reader.texts(entry.value, `\`project\` of ${what}`)
    if (names !== undefined && (names.length === 0 || names.some((name) => name.trim() === '')))
      return reader.report(badProjectPath({ path: names.join('/') }, { span: reader.span(entry.value) }))
    return names
  }
  const text = reader.text(entry.value, `\`project\` of ${what}`)
  if (text === undefined) return undefined
  const names = text.replace(/^\/(?!\/)/, '').split(/(?<!\/)\/(?!\/)/)
  const clean = names.map((name) => name.replaceAll('//', '/'))
  if (clean.some((name) => name.trim() === '' || name !== name.trim()))
    return reader.report(badProjectPath({ path: text }, { span: reader.span(entry.value) }))
  return clean
}

function readName(reader: YamlReader, map: YamlMap, otherwise: string): string | undefined {
  const entry = entryOf(map, 'name')
  const name = reader.optionalText(map, 'name', '`name` of a publication')
  if (name === undefined) return entry === undefined || isNothing(entry.value) ? otherwise : undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none of them.
  if (name.trim() === '' || name !== name.trim() || name.length > 255 || /[\u0000-\u001f\ufffe\uffff]/.test(name))
    return reader.report(badPublishedName({ name }, { span: reader.span(entry!.value) }))
  return name
}

function readTimeout(reader: YamlReader, map: YamlMap, what: string): number {
  const usual = 30 * 60_000
  const entry = entryOf(map, 'timeout')
  if (entry === undefined || isNothing(entry.value)) return usual
  const text = reader.text(entry.value, `\`timeout\` of ${what}`)
  if (text === undefined) return usual
  const ms = durationMs(text)
  if (ms !== undefined && ms > 0) return ms
  reader.report(
    wrongType(
      { what: `\`timeout\` of ${what}`, expected: 'a time such as `10m`', got: `\`${text}\`` },
      { span: reader.span(entry.value) },
    ),
  )
  return usual
}
