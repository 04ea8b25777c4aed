import { text } from 'node:stream/consumers'
import type { Element } from 'xast'
import type { Entry } from 'yauzl'
import { InternalError, UserError } from '../../../base/errors.ts'
import type { IntoOptions } from '../../../config/exports/package-options.ts'
import { type OpenZip, openZip, ZipError } from '../../zip/open-zip.ts'
import { connectionClasses, parseDocument } from './bound-sources.ts'
import { intoChoice, intoMissing, intoUnreadable, intoWithoutDocument, intoWithoutExtract } from './errors.ts'

/** A package made by hand, with the extract that is to be exchanged. */
export interface OpenedPackage {
  readonly zip: OpenZip
  /** The `.twb` or `.tds`. */
  readonly document: Element
  readonly extract: Entry
}

/** What a package is expected to hold. */
export type PackageKind = '.twb' | '.tds'

/**
 * Opens a package and finds its document and extract. `path` is absolute. Raises `UserError` when there is not exactly
 * one of each; the zip file is closed then.
 */
export async function openPackage(path: string, into: IntoOptions, kind: PackageKind): Promise<OpenedPackage> {
  const zip = await guarded(into, () => openZip(path))
  try {
    const document = await readDocument(zip, into, kind)
    return { zip, document, extract: chooseExtract(zip, into, document) }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** Runs what reads a package, and says of its failures what they mean to the user. */
export async function guarded<T>({ path, span }: IntoOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ZipError)
      throw new UserError(intoUnreadable({ path, why: error.message, hint: HINTS[error.kind] }, { span }))
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why = Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined
    if (why === undefined) throw error
    throw new UserError(intoMissing({ path, why }, { span }))
  }
}

const HINTS: { readonly [kind in ZipError['kind']]: string } = {
  'not-zip': 'save it from Tableau as a packaged workbook (.twbx) or data source (.tdsx); it may have been cut off',
  damaged: 'save it from Tableau again; it may have been cut off while it was copied',
  packing: 'save it from Tableau, or pack it with Deflate, as Tableau does',
  encrypted: 'save it from Tableau without a password',
  'unsafe-name': 'no program of Tableau writes such names: look where the file came from',
}

const FAULTS: { readonly [code: string]: string } = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
}

async function readDocument(zip: OpenZip, into: IntoOptions, kind: PackageKind): Promise<Element> {
  const entry = zip.entries.find(({ fileName }) => !fileName.includes('/') && fileName.toLowerCase().endsWith(kind))
  if (entry === undefined)
    throw new UserError(intoWithoutDocument({ path: into.path, suffix: kind }, { span: into.span }))
  const xml = await guarded(into, async () => text(await zip.stream(entry)))
  try {
    const document = parseDocument(xml)
    if (document === undefined) throw new InternalError('a document without an element')
    return document
  } catch (error) {
    const why = `its \`${entry.fileName}\` is no XML: ${xmlFault(error)}`
    throw damagedPackage(into, why)
  }
}

/** A package that can be unpacked and holds what no program of Tableau reads. */
export function damagedPackage({ path, span }: IntoOptions, why: string): UserError {
  return new UserError(intoUnreadable({ path, why, hint: HINTS.damaged }, { span }))
}

/** The parser's own words stand in the cause, above lines that show the place. */
function xmlFault(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!
}

function chooseExtract(zip: OpenZip, into: IntoOptions, document: Element): Entry {
  const { path, span, extract: wanted } = into
  const named = (suffix: string): readonly Entry[] =>
    zip.entries.filter(({ fileName }) => fileName.toLowerCase().endsWith(suffix))
  const extracts = named('.hyper')
  if (extracts.length === 0) {
    const old = named('.tde').map((entry) => entry.fileName)
    throw new UserError(intoWithoutExtract({ path, old, sources: connectionClasses(document) }, { span }))
  }
  const fits =
    wanted === null ? extracts : extracts.filter(({ fileName }) => isCalled(fileName, wanted.replaceAll('\\', '/')))
  if (fits.length === 1) return fits[0]!
  const names = extracts.map((entry) => entry.fileName)
  throw new UserError(intoChoice({ path, extracts: names, wanted }, { span }))
}

/** The whole name, or the end of it from a `/` on, with or without `.hyper`. */
function isCalled(name: string, wanted: string): boolean {
  const full = `/${name}`.toLowerCase()
  const end = `/${wanted}`.toLowerCase()
  return full.endsWith(end) || full.endsWith(`${end}.hyper`)
}
