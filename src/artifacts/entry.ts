/**
 * One object of an artifact in parts that share no key. Parts are written one after the other, because merging forty
 * keys for each of thousands of nodes costs more than writing them.
 */
export type EntryParts = readonly Readonly<Record<string, unknown>>[]

/** The parts as one object. */
export function entryObject(parts: EntryParts): Record<string, unknown> {
  return Object.assign({}, ...parts)
}

/** The parts as the text of one JSON object. No part may be empty. */
export function entryText(parts: EntryParts): string {
  if (parts.length === 1) return JSON.stringify(parts[0])
  return `{${parts.map((part) => JSON.stringify(part).slice(1, -1)).join(',')}}`
}
