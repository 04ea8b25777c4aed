import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type * as Driver from '@duckdb/node-api'
import { UserError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { Adapter } from '../adapter.ts'
import {
  badSetting,
  cannotAttach,
  cannotOpen,
  databaseDamaged,
  databaseLocked,
  databaseNotWritable,
  databaseOpenHere,
  databaseTooNew,
  missingExtension,
  notADatabase,
} from '../errors.ts'
import { pause } from '../pause.ts'
import type { OpenContext } from '../profile.ts'
import { DuckDbAdapter } from './duckdb-adapter.ts'
import type { DriverModule } from './duckdb-connection.ts'
import { duckDbFault } from './duckdb-error.ts'
import { type Attachment, type DuckDbProfile, databaseFile, databaseNameOf, type Setting } from './duckdb-profile.ts'
import { lockHolder } from './lock-holder.ts'
import { claimFile, realFilePath } from './open-files.ts'

const RETRY_MS = 200

interface Claim {
  release(): void
}

/** Loads the driver: about 100 ms, so only when a database is needed. */
export async function loadDriver(): Promise<DriverModule> {
  const module: { readonly default: unknown } = await import('@duckdb/node-api')
  // A bundle hands a CommonJS package over as `default` alone.
  return module.default as DriverModule
}

/** The version of the engine, for example `v1.5.6`. */
export async function duckDbVersion(): Promise<string> {
  return (await loadDriver()).version()
}

/**
 * Opens the database of a profile; makes the folder and the file when they are missing. Raises `UserError` with one
 * diagnostic when it is locked, not writable, no database, damaged or too new, or when a setting, an extension or an
 * attachment is refused.
 */
export async function openDuckDb(profile: DuckDbProfile, context: OpenContext): Promise<Adapter> {
  const driver = await loadDriver()
  const file = databaseFile(profile, context.baseDir)
  const shown = file === undefined ? ':memory:' : displayPath(file, context.baseDir)
  const claims: Claim[] = []
  try {
    if (file !== undefined) {
      prepareFile(file, shown, profile)
      claims.push(await claim(file, shown, profile, context))
    }
    const renamed = profile.database !== databaseNameOf(profile.path)
    const instance = await createInstance(driver, profile, context, renamed ? undefined : file, shown)
    const close = () => {
      instance.closeSync()
      for (const c of claims) c.release()
    }
    try {
      const setup = await instance.connect()
      await setup.run('set errors_as_json=true')
      if (renamed) await attachMain(setup, profile, context, file, shown)
      await loadExtensions(setup, profile)
      const settings = profile.settings.map(settingSql)
      await applySettings(setup, profile.settings)
      for (const attachment of profile.attach) {
        claims.push(...(await attach(setup, attachment, profile, context)))
      }
      setup.closeSync()
      const perConnection = ['set errors_as_json=true', `use ${quoteIdentifier(profile.database)}`, ...settings]
      const { threads, comment = null } = context
      return new DuckDbAdapter({ driver, instance, threads, perConnection, comment, close })
    } catch (error) {
      instance.closeSync()
      throw error
    }
  } catch (error) {
    for (const c of claims) c.release()
    throw error
  }
}

/** One level after the other: the recursive way of Node never returns where a file system refuses with `ENOENT`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function displayPath(file: string, baseDir: string): string {
  const path = relative(baseDir, file)
  return path.startsWith('..') ? file : path
}

/** Finds what can be found before the engine is asked, because its own words are less clear. */
function prepareFile(file: string, shown: string, profile: DuckDbProfile): void {
  const place = { span: profile.pathSpan }
  const reject = (reason: string) => new UserError(databaseNotWritable({ path: shown, reason }, place))
  try {
    if (!profile.readOnly) makeFolder(dirname(file))
  } catch (error) {
    throw reject(`its folder cannot be made (${systemReason(error)})`)
  }
  if (!existsSync(file)) {
    if (profile.readOnly) throw new UserError(cannotOpen({ path: shown, reason: 'the file does not exist' }, place))
    if (!statSync(dirname(file)).isDirectory()) throw reject('its folder is a file')
    if (!accessible(dirname(file), constants.W_OK)) throw reject('its folder is not writable')
    return
  }
  if (statSync(file).isDirectory()) throw new UserError(notADatabase({ path: shown, reason: 'it is a folder' }, place))
  if (!accessible(file, constants.R_OK)) throw reject('the file is not readable')
  if (!profile.readOnly && !accessible(file, constants.W_OK)) throw reject('the file is read-only')
}

function accessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words: { readonly [code: string]: string } = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a part of the path is a file',
    ENOENT: 'the file system allows none there',
    ENOSPC: 'the disk is full',
  }
  return words[code] ?? (code || String(error))
}

async function claim(file: string, shown: string, profile: DuckDbProfile, context: OpenContext): Promise<Claim> {
  const realPath = realFilePath(file)
  const deadline = Date.now() + context.waitMs
  for (;;) {
    const claimed = claimFile(realPath)
    if (claimed !== undefined) return claimed
    if (Date.now() >= deadline) throw new UserError(databaseOpenHere({ path: shown }, { span: profile.pathSpan }))
    await pause(RETRY_MS, context.signal)
  }
}

/** Runs `open` again while another process holds the file, as long as `waitMs` allows. */
async function whileLocked<T>(open: () => Promise<T>, shown: string, place: OpenPlace): Promise<T> {
  const started = Date.now()
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const fault = duckDbFault(error)
      const waitedMs = Date.now() - started
      if (fault.kind !== 'locked') throw new UserError(openingDiagnostic(fault.message, shown, place))
      if (waitedMs >= place.context.waitMs) {
        const holder = await lockHolder(fault.message)
        const waited = place.context.waitMs > 0 ? waitedMs : 0
        throw new UserError(databaseLocked({ path: shown, holder, waitedMs: waited }, { span: place.profile.pathSpan }))
      }
      await pause(RETRY_MS, place.context.signal)
    }
  }
}

interface OpenPlace {
  readonly profile: DuckDbProfile
  readonly context: OpenContext
  readonly version: string
}

function openingDiagnostic(message: string, path: string, { profile, version }: OpenPlace) {
  const place = { span: profile.pathSpan }
  const reason = message.replace(/^The file ".*?" exists, but it is /, 'it is ')
  if (/not a valid DuckDB database|Is a directory/.test(message)) return notADatabase({ path, reason }, place)
  if (/version number|newer version|storage version/i.test(message))
    return databaseTooNew({ path, version, reason }, place)
  if (/corrupt|checksum|deserialize|WAL file/i.test(message)) return databaseDamaged({ path, reason }, place)
  if (/Permission denied|Read-only file system/i.test(message)) return databaseNotWritable({ path, reason }, place)
  return cannotOpen({ path, reason }, place)
}

async function createInstance(
  driver: DriverModule,
  profile: DuckDbProfile,
  context: OpenContext,
  file: string | undefined,
  shown: string,
): Promise<Driver.DuckDBInstance> {
  const options: Record<string, string> = {
    // An extension is loaded when it is there, but a query never downloads one.
    autoinstall_known_extensions: 'false',
    // Postgres's order, so that a ranking gives the same rows on both engines.
    default_null_order: 'nulls_last_on_asc_first_on_desc',
  }
  if (profile.readOnly && file !== undefined) options['access_mode'] = 'READ_ONLY'
  const known = driver.configurationOptionDescriptions()
  for (const option of profile.configOptions) {
    if (!Object.hasOwn(known, option.name)) {
      const reason = 'there is no such option'
      throw new UserError(badSetting({ name: option.name, reason, known: Object.keys(known) }, { span: option.span }))
    }
    options[option.name] = String(option.value)
  }
  const place = { profile, context, version: driver.version() }
  return whileLocked(() => driver.DuckDBInstance.create(file ?? ':memory:', options), shown, place)
}

/** A database whose name is not that of its file is attached under the wanted name. */
async function attachMain(
  setup: Driver.DuckDBConnection,
  profile: DuckDbProfile,
  context: OpenContext,
  file: string | undefined,
  shown: string,
): Promise<void> {
  const mode = profile.readOnly ? ' (read_only)' : ''
  const sql = `attach ${quoteString(file ?? ':memory:')} as ${quoteIdentifier(profile.database)}${mode}`
  const version = String((await setup.runAndReadAll('select version()')).getRows()[0]?.[0])
  await whileLocked(() => setup.run(sql), shown, { profile, context, version })
}

function settingSql(setting: Setting): string {
  const value = typeof setting.value === 'string' ? quoteString(setting.value) : String(setting.value)
  return `set ${quoteIdentifier(setting.name)} = ${value}`
}

async function applySettings(setup: Driver.DuckDBConnection, settings: readonly Setting[]): Promise<void> {
  for (const setting of settings) {
    try {
      await setup.run(settingSql(setting))
    } catch (error) {
      const rows = (await setup.runAndReadAll('select name from duckdb_settings()')).getRows()
      const reason = duckDbFault(error).message
      throw new UserError(
        badSetting({ name: setting.name, reason, known: rows.map((r) => String(r[0])) }, { span: setting.span }),
      )
    }
  }
}

async function loadExtensions(setup: Driver.DuckDBConnection, profile: DuckDbProfile): Promise<void> {
  for (const { name, span } of profile.extensions) {
    try {
      await setup.run(`load ${quoteIdentifier(name)}`)
    } catch (error) {
      const reason = duckDbFault(error).message.split('\n')[0]!
      throw new UserError(missingExtension({ name, reason }, { span }))
    }
  }
}

async function attach(
  setup: Driver.DuckDBConnection,
  attachment: Attachment,
  profile: DuckDbProfile,
  context: OpenContext,
): Promise<Claim[]> {
  const isFile = attachment.type === undefined || attachment.type.toLowerCase() === 'duckdb'
  const local = isFile && !attachment.path.includes('://') && attachment.path !== ':memory:'
  const file = local ? databaseFile({ ...profile, path: attachment.path }, context.baseDir)! : attachment.path
  const options = Object.entries(attachment.options).map(
    ([name, value]) => `${quoteIdentifier(name)} ${typeof value === 'string' ? quoteString(value) : value}`,
  )
  if (attachment.readOnly) options.push('read_only')
  if (attachment.type !== undefined) options.push(`type ${quoteIdentifier(attachment.type)}`)
  const alias = attachment.alias === undefined ? '' : ` as ${quoteIdentifier(attachment.alias)}`
  const tail = options.length === 0 ? '' : ` (${options.join(', ')})`
  const claims: Claim[] = []
  if (local && existsSync(dirname(file))) {
    claims.push(await claim(file, attachment.path, { ...profile, pathSpan: attachment.span }, context))
  }
  try {
    await setup.run(`attach ${quoteString(file)}${alias}${tail}`)
  } catch (error) {
    for (const c of claims) c.release()
    const fault = duckDbFault(error)
    const place = { span: attachment.span }
    if (fault.kind !== 'locked') {
      throw new UserError(cannotAttach({ path: attachment.path, reason: fault.message }, place))
    }
    const holder = await lockHolder(fault.message)
    throw new UserError(databaseLocked({ path: attachment.path, holder, waitedMs: 0 }, place))
  }
  return claims
}
