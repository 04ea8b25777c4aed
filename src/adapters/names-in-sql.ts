import type { MadeName } from '../sql/relation.ts'
import { significantTokens } from '../sql/scan-sql.ts'

/**
 * Those of the names that a text of SQL uses, as far as the text alone tells: a name counts unless another schema stands before
 * it, and a parenthesis behind it makes a function of it.
 */
export function namesInSql(sql: string, names: readonly MadeName[]): ReadonlySet<MadeName> {
  const byName = new Map<string, MadeName[]>()
  for (const one of names) {
    const key = one.name.identifier.toLowerCase()
    byName.set(key, [...(byName.get(key) ?? []), one])
  }
  const found = new Set<MadeName>()
  const tokens = [...significantTokens(sql)]
  const textAt = (i: number): string => {
    const token = tokens[i]
    if (token === undefined) return ''
    const text = sql.slice(token.start, token.end)
    return (token.kind === 'name' ? text.slice(1, -1).replaceAll('""', '"') : text).toLowerCase()
  }
  for (let i = 0; i < tokens.length; i++) {
    const { kind } = tokens[i]!
    if (kind !== 'name' && kind !== 'word') continue
    const qualifier = textAt(i - 1) === '.' ? textAt(i - 2) : undefined
    const isCall = textAt(i + 1) === '('
    for (const one of byName.get(textAt(i)) ?? [])
      if (
        isCall === (one.kind === 'function') &&
        (qualifier === undefined || qualifier === one.name.schema.toLowerCase())
      )
        found.add(one)
  }
  return found
}
