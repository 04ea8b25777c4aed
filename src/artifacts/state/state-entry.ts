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

const nothingLeftOut: ReadonlySet<string> = new Set()

/** Null, an empty list and an empty dict say the same as a key that is missing; so do keys that are left out. */
export function withoutNothing(value: unknown, leftOut = nothingLeftOut): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutNothing(item, leftOut))
  if (!isDict(value)) return value ?? undefined
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const inner = leftOut.has(key) ? undefined : withoutNothing(item, leftOut)
    return inner === undefined ? [] : [[key, inner] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
