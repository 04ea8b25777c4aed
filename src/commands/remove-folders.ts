import { lstatSync, realpathSync, rmSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { cleanTargetOutside, cleanTargetProtected } from './errors.ts'

export interface RemoveRequest {
  /** Absolute folder of the project. */
  readonly root: string
  /** Folders to remove, relative to the project. */
  readonly targets: readonly string[]
  /** Where each target is named. */
  readonly spans: ReadonlyMap<string, Span>
  /** Folders and files of the project that must stay, relative to it: models, seeds, `project.yml` … */
  readonly keep: readonly string[]
}

export interface Removal {
  /** Relative to the project, in the order of the targets. */
  readonly removed: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Removes generated folders. What lies outside the project once links are resolved, or holds its own files, stays. */
export function removeFolders({ root, targets, spans, keep }: RemoveRequest): Removal {
  const home = realpathSync(root)
  const removed: string[] = []
  const diagnostics: Diagnostic[] = []
  for (const target of new Set(targets)) {
    const path = resolve(root, target)
    const place = { span: spans.get(target) }
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue
    const real = realPath(path)
    if (!isWithin(real, home)) {
      diagnostics.push(cleanTargetOutside({ target, real }, place))
      continue
    }
    const held = keep.find((own) => {
      const ownReal = realPath(join(root, own))
      return isWithin(ownReal, real) || isWithin(real, ownReal)
    })
    if (real === home || held !== undefined) {
      const holds = held === undefined || real === home ? 'the project' : `\`${held}\``
      diagnostics.push(cleanTargetProtected({ target, holds }, place))
      continue
    }
    // A link within the project is removed as a link: what it leads to was not named.
    rmSync(path, { recursive: true, force: true })
    removed.push(relative(root, path).split(sep).join('/'))
  }
  return { removed, diagnostics }
}

/** Links resolved as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** Also true for the folder itself. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !/^[A-Za-z]:/.test(way))
}
