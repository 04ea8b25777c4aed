export function unite<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  if (sets.length === 1) return sets[0]!
  const all = new Set<T>()
  for (const set of sets) for (const item of set) all.add(item)
  return all
}

export function intersect<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  const [first, ...others] = [...sets].sort((a, b) => a.size - b.size)
  const common = new Set<T>()
  for (const item of first ?? []) if (others.every((set) => set.has(item))) common.add(item)
  return common
}

export function subtract<T>(from: ReadonlySet<T>, without: ReadonlySet<T>): ReadonlySet<T> {
  const rest = new Set<T>()
  for (const item of from) if (!without.has(item)) rest.add(item)
  return rest
}
