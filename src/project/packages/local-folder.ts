import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { localPackageMissing, localPackageOutside } from './errors.ts'

/** What a `local:` path may reach. */
export interface LocalBounds {
  /** Absolute folder that the path starts at. */
  readonly base: string
  /** Absolute folder that it must not leave, links resolved; null: it may lie anywhere. */
  readonly within: string | null
  /** `within` is an installed package and not the project. */
  readonly required: boolean
}

/** The absolute folder of a `local:` package. Raises `UserError` when it is not there, or outside its bounds. */
export function localFolder(path: string, { base, within, required }: LocalBounds, span: Span | undefined): string {
  const folder = resolve(base, path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UserError(localPackageMissing({ path }, { span }))
  const real = realpathSync(folder)
  if (within !== null && !isBelow(real, realpathSync(within)))
    throw new UserError(localPackageOutside({ path, target: real, required }, { span }))
  return folder
}

/** Also true for the folder itself. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** `packages/shop_utils/` or `../shared/`: what stands before paths of the package in messages. */
export function prefixOf(root: string, folder: string): string {
  return `${relative(root, folder).split(sep).join('/')}/`
}

/** A path as files of the project write it: relative to the project, with `/`. */
export function fromProject(root: string, folder: string): string {
  const way = relative(root, folder)
  return isAbsolute(way) ? join(folder) : way.split(sep).join('/')
}
