import { significantTokens } from './scan-sql.ts'

export interface LongIdentifier {
  /** Without quotes. */
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Names in a statement that are longer than an engine keeps them, each where it stands first. */
export function longIdentifiers(sql: string, maxBytes: number): readonly LongIdentifier[] {
  const long = new Map<string, LongIdentifier>()
  for (const { kind, start, end } of significantTokens(sql)) {
    // A character has three bytes at most for each of its units.
    if ((kind !== 'word' && kind !== 'name') || (end - start) * 3 <= maxBytes) continue
    const text = sql.slice(start, end)
    const name = kind === 'word' ? text : text.slice(1, -1).replaceAll('""', '"')
    if (Buffer.byteLength(name) > maxBytes && !long.has(name)) long.set(name, { name, start, end })
  }
  return [...long.values()]
}
