/** Edit distance with transpositions (optimal string alignment), cut off above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    let best = i
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let value = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1)
      current.push(value)
      if (value < best) best = value
    }
    if (best > limit) return limit + 1
    before = previous
    previous = current
  }
  return previous[b.length]!
}

/** The names closest to `name`, best first, at most `count`; none that is further than a third of its length. */
export function nearestNames(name: string, candidates: Iterable<string>, count = 1): string[] {
  const wanted = name.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  const found: { candidate: string; score: number }[] = []
  for (const candidate of new Set(candidates)) {
    const other = candidate.toLowerCase()
    const near = distance(wanted, other, limit)
    if (near <= limit) found.push({ candidate, score: near })
    else if (wanted.length >= 4 && (other.includes(wanted) || (other.length >= 4 && wanted.includes(other))))
      found.push({ candidate, score: limit + 1 })
  }
  found.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
  return found.slice(0, count).map((f) => f.candidate)
}

/** The single nearest name, or undefined. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  return nearestNames(name, candidates)[0]
}

/** A hint in the usual words, or undefined when no name is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearestName(name, candidates)
  return near === undefined ? undefined : `did you mean \`${near}\`?`
}
