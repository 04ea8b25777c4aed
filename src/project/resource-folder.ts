/** The folders between the resource folder and the file. */
export function foldersOf(localPath: string): readonly string[] {
  return localPath.split('/').slice(0, -1)
}

/** The file's name without its last suffix. */
export function stemOf(localPath: string): string {
  const name = localPath.slice(localPath.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? name : name.slice(0, dot)
}

/** The suffix in lower case with its dot, or an empty text. */
export function suffixOf(localPath: string): string {
  const name = localPath.slice(localPath.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot).toLowerCase()
}

/** Names that can be a part of ids, selectors and relations without doubt. */
export function isNodeName(name: string): boolean {
  return /^[\p{L}\p{N}_$.-]+$/u.test(name)
}
