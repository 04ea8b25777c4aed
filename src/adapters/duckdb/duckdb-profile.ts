import { basename, isAbsolute, resolve } from 'node:path'
import type { Span } from '../../base/span.ts'
import type { ProfileOutput, TargetProfile } from '../profile.ts'
import { isDict, ProfileReader } from '../profile-reader.ts'

export interface Attachment {
  readonly path: string
  readonly alias: string | undefined
  /** `duckdb`, `sqlite`, `postgres` …; undefined lets DuckDB find out. */
  readonly type: string | undefined
  readonly readOnly: boolean
  readonly options: { readonly [key: string]: string | number | boolean }
  readonly span: Span
}

export interface Setting {
  readonly name: string
  readonly value: string | number | boolean
  readonly span: Span
}

export interface DuckDbProfile extends TargetProfile {
  readonly type: 'duckdb'
  /** `:memory:`, or as written. */
  readonly path: string
  readonly readOnly: boolean
  readonly settings: readonly Setting[]
  /** Set when the instance is made. */
  readonly configOptions: readonly Setting[]
  readonly extensions: readonly { readonly name: string; readonly span: Span }[]
  readonly attach: readonly Attachment[]
  readonly pathSpan: Span
}

const KEYS = [
  'type',
  'path',
  'schema',
  'database',
  'threads',
  'read_only',
  'settings',
  'config_options',
  'extensions',
  'attach',
  'schema_naming',
] as const
const ATTACH_KEYS = ['path', 'alias', 'type', 'read_only', 'options'] as const

/** The name that DuckDB gives a database file: what stands before the first dot, with `_db` when it is a reserved word. */
export function databaseNameOf(path: string): string {
  if (path === ':memory:') return 'memory'
  const stem = basename(path).replace(/^\.+/, '').split('.')[0]!
  return ['main', 'system', 'temp'].includes(stem) ? `${stem}_db` : stem
}

/** Absolute path of the database file, or undefined in memory. */
export function databaseFile(profile: DuckDbProfile, baseDir: string): string | undefined {
  if (profile.path === ':memory:') return undefined
  return isAbsolute(profile.path) ? profile.path : resolve(baseDir, profile.path)
}

/** The settings under a key: names and plain values. */
function readSettings(reader: ProfileReader, key: string): Setting[] {
  const settings: Setting[] = []
  for (const [name, value] of Object.entries(reader.dict([key], reader.output.values[key]))) {
    const path = [key, name]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      settings.push({ name, value, span: reader.output.spanOf(path, 'key') })
    else reader.wrong(path, 'a text, a number or a boolean', value)
  }
  return settings
}

function readAttachments(reader: ProfileReader): Attachment[] {
  const attachments: Attachment[] = []
  for (const [i, entry] of reader.list(['attach'], reader.output.values['attach']).entries()) {
    const at = ['attach', i] as const
    if (!isDict(entry)) {
      reader.wrong(at, 'a map with a `path`', entry)
      continue
    }
    reader.knownKeys(entry, ATTACH_KEYS, at)
    const path = reader.text([...at, 'path'], entry['path'])
    if (path === undefined) {
      if (entry['path'] === undefined) reader.wrong(at, 'a map with a `path`', entry)
      continue
    }
    attachments.push({
      path,
      alias: reader.text([...at, 'alias'], entry['alias']),
      type: reader.text([...at, 'type'], entry['type']),
      readOnly: reader.flag([...at, 'read_only'], entry['read_only']),
      options: reader.dict([...at, 'options'], entry['options']) as Attachment['options'],
      span: reader.output.spanOf([...at, 'path'], 'value'),
    })
  }
  return attachments
}

function readExtensions(reader: ProfileReader): { name: string; span: Span }[] {
  const extensions: { name: string; span: Span }[] = []
  for (const [i, entry] of reader.list(['extensions'], reader.output.values['extensions']).entries()) {
    const path = ['extensions', i]
    const name = isDict(entry) ? entry['name'] : entry
    if (typeof name === 'string' && /^\w+$/.test(name))
      extensions.push({ name, span: reader.output.spanOf(path, 'value') })
    else reader.wrong(path, 'the name of an extension', entry)
  }
  return extensions
}

/**
 * Reads a target of `type: duckdb`. Keys and meaning are those of dbt-duckdb; `schema_naming` is ours.
 * Raises `UserError` with every mistake.
 */
export function parseDuckDbProfile(output: ProfileOutput): DuckDbProfile {
  const reader = new ProfileReader(output)
  const { values } = output
  reader.knownKeys(values, KEYS, [])
  const path = reader.text(['path'], values['path']) ?? ':memory:'
  const profile: DuckDbProfile = {
    type: 'duckdb',
    path,
    database: reader.text(['database'], values['database']) ?? databaseNameOf(path),
    schema: reader.text(['schema'], values['schema']) ?? 'main',
    ...reader.common(),
    readOnly: reader.flag(['read_only'], values['read_only']),
    settings: readSettings(reader, 'settings'),
    configOptions: readSettings(reader, 'config_options'),
    extensions: readExtensions(reader),
    attach: readAttachments(reader),
    pathSpan: output.spanOf(values['path'] === undefined ? [] : ['path'], 'value'),
  }
  reader.finish()
  return profile
}
