import type { Relationship } from './semantic-model.ts'

/**
 * Decides which relationships are active. A filter runs from the one side to the many; where it could reach a table on two
 * ways Power BI refuses the model, so the later relationship is left for measures to ask for (`USERELATIONSHIP`).
 */
export function activeRelationships(all: readonly Omit<Relationship, 'inactive'>[]): readonly Relationship[] {
  const active: { readonly one: string; readonly many: string }[] = []
  return all.map((relationship) => {
    const one = relationship.to.table
    const many = relationship.from.table
    const inactive = ambiguity(active, one, many)
    if (inactive === null) {
      active.push({ one, many })
      if (relationship.oneToOne) active.push({ one: many, many: one })
    }
    return { ...relationship, inactive }
  })
}

function ambiguity(
  active: readonly { readonly one: string; readonly many: string }[],
  one: string,
  many: string,
): string | null {
  const reached = (from: string) => closure(from, (table) => active.filter((e) => e.one === table).map((e) => e.many))
  const reaching = (to: string) => closure(to, (table) => active.filter((e) => e.many === table).map((e) => e.one))
  if (reached(many).has(one)) return `\`${many}\` filters \`${one}\` already`
  const below = reached(many)
  for (const above of reaching(one)) {
    const known = reached(above)
    for (const table of below)
      if (known.has(table))
        return above === one && table === many
          ? `another relationship between \`${many}\` and \`${one}\` is active`
          : `\`${above}\` would filter \`${table}\` on two ways`
  }
  return null
}

function closure(from: string, next: (table: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([from])
  for (const table of seen) for (const other of next(table)) seen.add(other)
  return seen
}
