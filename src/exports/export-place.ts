import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../base/errors.ts'
import type { Export } from '../project/resource.ts'
import { placeIsFile, placeIsFolder, placeLeadsOut } from './errors.ts'
import { manifestPath } from './export-manifest.ts'

/** Where an export goes. */
export interface ExportPlace {
  /** Absolute, links of its folders resolved as far as they exist. */
  readonly target: string
  /** As people know it: relative to the project where it lies below. */
  readonly shown: string
  /** Something stands there already. */
  readonly exists: boolean
}

/**
 * Finds the place of an export and checks it. Raises `UserError` when links lead it out of the project, or when a folder
 * stands where a file belongs, or the other way round.
 */
export async function findPlace(root: string, node: Export, kind: 'file' | 'folder'): Promise<ExportPlace> {
  const to = node.to!
  const place = { span: node.toSpan, node: node.uniqueId }
  const wanted = isAbsolute(to) ? to : resolve(root, to)
  const target = join(await realFolder(dirname(wanted)), basename(wanted))
  const home = await realpath(root)
  const real = await follow(target)
  if (!node.outsideProject && !(isBelow(home, target) && isBelow(home, real)))
    throw new UserError(placeLeadsOut({ to, real }, place))
  const there = await stat(target).catch(() => undefined)
  if (kind === 'file' && there?.isDirectory()) throw new UserError(placeIsFolder({ to }, place))
  if (kind === 'folder' && there !== undefined && !there.isDirectory()) throw new UserError(placeIsFile({ to }, place))
  const manifest = await stat(manifestPath(real)).catch(() => undefined)
  if (manifest?.isDirectory()) throw new UserError(placeIsFolder({ to: manifestPath(to) }, place))
  const shown = isBelow(home, target) ? relative(home, target).split(sep).join('/') : target
  return { target: real, shown, exists: there !== undefined }
}

function isBelow(home: string, path: string): boolean {
  const way = relative(home, path)
  return way !== '' && !way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way)
}

/** The folder with its links resolved; parts that do not exist yet stay as they are. */
async function realFolder(folder: string): Promise<string> {
  const parent = dirname(folder)
  try {
    return await realpath(folder)
  } catch {
    return parent === folder ? folder : join(await realFolder(parent), basename(folder))
  }
}

/** A link at the place itself is followed: the file behind it is replaced, not the link. */
async function follow(path: string): Promise<string> {
  const link = await lstat(path).catch(() => undefined)
  return link?.isSymbolicLink() === true ? await realpath(path).catch(() => path) : path
}
