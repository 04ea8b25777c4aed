import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_FILES } from '../../project/project-identity.ts'

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

export function hasProjectFile(folder: string): boolean {
  return PROJECT_FILES.some((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true)
}

/** Folders below, at most two levels down, that are projects: what was probably meant. */
export function projectsBelow(folder: string): readonly string[] {
  const found: string[] = []
  const visit = (path: string, depth: number): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (hasProjectFile(join(folder, below))) found.push(below)
      else if (depth < 2) visit(below, depth + 1)
    }
  }
  visit('', 1)
  return found.sort()
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** A file beside the project file that was probably meant to be `packages.yml`. */
export function nearPackageFile(root: string): string | undefined {
  return readdirSync(root).find((name) => /^(?:packages?|dependenc(?:y|ies))\.ya?ml$/.test(name))
}
