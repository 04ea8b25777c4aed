const nothing: ReadonlySet<never> = new Set()

/** The union; the same object when only one set has anything, so that long chains share theirs. */
export function uniteShared<T>(sets: Iterable<ReadonlySet<T>>): ReadonlySet<T> {
  let only: ReadonlySet<T> = nothing
  let union: Set<T> | undefined
  for (const set of sets) {
    if (set.size === 0 || set === only) continue
    if (only.size === 0) only = set
    else {
      union ??= new Set(only)
      for (const item of set) union.add(item)
    }
  }
  return union ?? only
}

/**
 * For each vertex the targets that are met first along `next`, looking through everything else. `order` must name a
 * vertex after all of its `next`.
 */
export function nearestTargets(
  order: Iterable<number>,
  next: readonly (readonly number[])[],
  isTarget: (vertex: number) => boolean,
): readonly ReadonlySet<number>[] {
  const found: ReadonlySet<number>[] = new Array(next.length).fill(nothing)
  const single: (ReadonlySet<number> | undefined)[] = new Array(next.length)
  for (const v of order) {
    const list = next[v]!
    if (list.length === 0) continue
    found[v] = uniteShared(
      list.map((to) => {
        if (!isTarget(to)) return found[to]!
        single[to] ??= new Set([to])
        return single[to]
      }),
    )
  }
  return found
}
