import type { Node } from '../../project/resource.ts'
import { fnmatch, pathMatcher } from './fnmatch.ts'
import type { SelectionMethod } from './method.ts'

/** Nodes whose path is accepted; each distinct path is tried once, as many nodes share a property file. */
function filterByPath(
  nodes: readonly Node[],
  accepts: (path: string) => boolean,
  patch?: (path: string) => boolean,
): Node[] {
  const known = new Map<string, boolean>()
  const test = (path: string, matches: (path: string) => boolean, key: string) => {
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const result = matches(path)
    known.set(key, result)
    return result
  }
  return nodes.filter((node) => {
    const { originalFilePath, patchPath } = node
    if (test(originalFilePath, accepts, originalFilePath)) return true
    return patch !== undefined && patchPath !== null && test(patchPath, patch, `yml:${patchPath}`)
  })
}

/** Relative to the project with `/`, however it was typed. */
function normalize(value: string, root: string): string {
  const slashes = value.replaceAll('\\', '/')
  const inside = slashes.startsWith(`${root}/`) ? slashes.slice(root.length + 1) : slashes
  return inside.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
}

/** A node's file, the property file that describes it, or any folder above the file. */
export const path: SelectionMethod = {
  match({ value }, index) {
    const pattern = normalize(value, index.projectRoot)
    return filterByPath(index.all, pathMatcher(pattern, true), pathMatcher(pattern, false))
  },
  candidates(_, index) {
    const paths = new Set<string>()
    for (const { originalFilePath, patchPath } of index.all) {
      if (patchPath !== null) paths.add(patchPath)
      for (let at = originalFilePath.length; at > 0; at = originalFilePath.lastIndexOf('/', at - 1)) {
        paths.add(originalFilePath.slice(0, at))
      }
    }
    return paths
  },
}

function fileName(originalFilePath: string): string {
  return originalFilePath.slice(originalFilePath.lastIndexOf('/') + 1)
}

/** The name of a node's file, with or without its suffix. */
export const file: SelectionMethod = {
  match({ value }, index) {
    const matches = fnmatch(value)
    return filterByPath(index.all, (p) => {
      const name = fileName(p)
      return matches(name) || matches(name.replace(/\.[^.]*$/, ''))
    })
  },
  candidates: (_, index) => index.all.map((node) => fileName(node.originalFilePath)),
}
