/** A row in canonical form: see `canonicalCell`. */
export type CanonicalRow = readonly (string | null)[]

/** How rows differ from the expected ones; rows are told by their position. */
export interface RowDifferences {
  /** Expected and actual rows that belong together, and the columns in which they differ. */
  readonly changed: readonly {
    readonly expected: number
    readonly actual: number
    readonly columns: readonly number[]
  }[]
  readonly missing: readonly number[]
  readonly unexpected: readonly number[]
}

export interface Comparison {
  readonly expected: readonly CanonicalRow[]
  readonly actual: readonly CanonicalRow[]
  /** Largest difference of two numbers that count as equal. */
  readonly tolerance: number
  /** Columns whose values are numbers. */
  readonly numeric: readonly boolean[]
}

/** Beyond this many rows on either side, rows are not paired: it would take long and help nobody. */
const pairable = 200

/** Compares two bags of rows: their order says nothing, how often a row stands does. */
export function compareRows(comparison: Comparison): RowDifferences {
  const left = leftOver(comparison)
  if (left.missing.length === 0 || left.unexpected.length === 0) return { changed: [], ...left }
  if (left.missing.length > pairable || left.unexpected.length > pairable) return { changed: [], ...left }
  return pair(comparison, left)
}

interface LeftOver {
  readonly missing: readonly number[]
  readonly unexpected: readonly number[]
}

/** What remains when equal rows are taken out, each as often as it stands on both sides. */
function leftOver(comparison: Comparison): LeftOver {
  const { expected, actual, tolerance } = comparison
  const open = new Map<string, number[]>()
  for (const [i, row] of actual.entries()) {
    const key = JSON.stringify(row)
    const list = open.get(key)
    if (list === undefined) open.set(key, [i])
    else list.push(i)
  }
  let missing = expected.flatMap((row, i) => (open.get(JSON.stringify(row))?.shift() === undefined ? [i] : []))
  let unexpected = [...open.values()].flat().sort((a, b) => a - b)
  if (tolerance > 0) {
    const found = new Set<number>()
    missing = missing.filter((i) => {
      const match = unexpected.find(
        (j) => !found.has(j) && differing(comparison, expected[i]!, actual[j]!).length === 0,
      )
      if (match !== undefined) found.add(match)
      return match === undefined
    })
    unexpected = unexpected.filter((j) => !found.has(j))
  }
  return { missing, unexpected }
}

/** Pairs the rows that are most alike: at least half of their values, or the first one, are equal. */
function pair(comparison: Comparison, { missing, unexpected }: LeftOver): RowDifferences {
  const { expected, actual } = comparison
  const only = missing.length === 1 && unexpected.length === 1
  const candidates = missing.flatMap((i) =>
    unexpected.flatMap((j) => {
      const columns = differing(comparison, expected[i]!, actual[j]!)
      const width = expected[i]!.length
      const firstEqual = columns[0] !== 0
      if (!only && !(width > 1 && (firstEqual || 2 * columns.length <= width))) return []
      return [{ expected: i, actual: j, columns, distance: columns.length + (firstEqual ? 0 : 0.5) }]
    }),
  )
  candidates.sort((a, b) => a.distance - b.distance || a.expected - b.expected || a.actual - b.actual)
  const takenExpected = new Set<number>()
  const takenActual = new Set<number>()
  const changed = candidates.filter(({ expected: i, actual: j }) => {
    if (takenExpected.has(i) || takenActual.has(j)) return false
    takenExpected.add(i)
    takenActual.add(j)
    return true
  })
  return {
    changed: changed
      .map(({ expected: i, actual: j, columns }) => ({ expected: i, actual: j, columns }))
      .sort((a, b) => a.expected - b.expected),
    missing: missing.filter((i) => !takenExpected.has(i)),
    unexpected: unexpected.filter((j) => !takenActual.has(j)),
  }
}

function differing({ tolerance, numeric }: Comparison, expected: CanonicalRow, actual: CanonicalRow): number[] {
  const columns: number[] = []
  for (const [i, value] of expected.entries()) {
    const other = actual[i]!
    if (value === other) continue
    const near =
      tolerance > 0 &&
      numeric[i] === true &&
      value !== null &&
      other !== null &&
      Math.abs(Number(value) - Number(other)) <= tolerance
    if (!near) columns.push(i)
  }
  return columns
}
