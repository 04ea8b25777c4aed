/** `start` and everything within `depth` steps along `next` (parents or children). */
export function walk(
  start: ReadonlySet<string>,
  next: ReadonlyMap<string, readonly string[]>,
  depth = Number.POSITIVE_INFINITY,
): ReadonlySet<string> {
  const found = new Set(start)
  let front: readonly string[] = [...start]
  for (let step = 0; step < depth && front.length > 0; step++) {
    const following: string[] = []
    for (const id of front) {
      for (const to of next.get(id)!) {
        if (found.has(to)) continue
        found.add(to)
        following.push(to)
      }
    }
    front = following
  }
  return found
}
