/** A node's entry of a manifest, whoever wrote it. Keys that are missing count as empty. */
export type StateEntry = Readonly<Record<string, unknown>>

export type JsonDict = Readonly<Record<string, unknown>>

export function isDict(value: unknown): value is JsonDict {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function dictAt(entry: JsonDict, key: string): JsonDict {
  const value = entry[key]
  return isDict(value) ? value : {}
}

export function textAt(entry: JsonDict, key: string): string | null {
  const value = entry[key]
  return typeof value === 'string' ? value : null
}

export function listAt(entry: JsonDict, key: string): readonly unknown[] {
  const value = entry[key]
  return Array.isArray(value) ? value : []
}

/** Line breaks and blank ends do not count as changes of a text. */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}
