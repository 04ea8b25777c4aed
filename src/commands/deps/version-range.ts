/** A version of npm: `1.2.3-beta.1`. Build metadata does not count. */
interface Version {
  readonly numbers: readonly [number, number, number]
  readonly pre: readonly string[]
}

interface Comparator {
  readonly operator: '<' | '<=' | '>' | '>=' | '='
  readonly version: Version
}

const versionPattern = /^[v=\s]*(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/
const partialPattern =
  /^(\^|~>?|[<>]=?|=)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

function parseVersion(text: string): Version | undefined {
  const match = versionPattern.exec(text.trim())
  if (match === null) return undefined
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], pre: match[4]?.split('.') ?? [] }
}

/** Below zero when `a` comes before `b`. Texts that are no versions come first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined)
  return compare(left, right)
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) if (a.numbers[i] !== b.numbers[i]) return a.numbers[i]! - b.numbers[i]!
  if (a.pre.length === 0 || b.pre.length === 0) return Number(b.pre.length > 0) - Number(a.pre.length > 0)
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i++) {
    const [x, y] = [a.pre[i], b.pre[i]]
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1
    if (x === y) continue
    const [numericX, numericY] = [/^\d+$/.test(x), /^\d+$/.test(y)]
    if (numericX && numericY) return Number(x) - Number(y)
    if (numericX !== numericY) return numericX ? -1 : 1
    return x < y ? -1 : 1
  }
  return 0
}

/**
 * Whether npm would take the version for the range: `^1.2`, `~1.2.3`, `1.x`, `>=1 <2`, `1 - 2`, `a || b`. A version with
 * a suffix (`-beta`) is only taken where the range names one of the same numbers. Undefined: the text is no range.
 */
export function satisfies(version: string, range: string): boolean | undefined {
  const parsed = parseVersion(version)
  const sets = range.split('||').map(comparatorsOf)
  if (sets.includes(undefined)) return undefined
  if (parsed === undefined) return false
  return sets.some((set) => set !== undefined && fits(parsed, set))
}

function fits(version: Version, set: readonly Comparator[]): boolean {
  if (!set.every((c) => holds(compare(version, c.version), c.operator))) return false
  if (version.pre.length === 0) return true
  return set.some((c) => c.version.pre.length > 0 && c.version.numbers.every((n, i) => n === version.numbers[i]))
}

function holds(order: number, operator: Comparator['operator']): boolean {
  if (operator === '=') return order === 0
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

function comparatorsOf(text: string): readonly Comparator[] | undefined {
  const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(text)
  const parts =
    hyphen !== null
      ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
      : text
          .replace(/([<>=^~])\s+/g, '$1')
          .split(/[\s,]+/)
          .filter((part) => part !== '')
  const found: Comparator[] = []
  for (const part of parts) {
    const bounds = boundsOf(part)
    if (bounds === undefined) return undefined
    found.push(...bounds)
  }
  return found
}

/** One word of a range as comparators with whole versions. */
function boundsOf(word: string): readonly Comparator[] | undefined {
  const match = partialPattern.exec(word)
  if (match === null) return undefined
  const [, operator = '', major, minor, patch, suffix] = match
  const numbers = [major, minor, patch].map((n) => (n === undefined || /^[xX*]$/.test(n) ? undefined : Number(n)))
  const [a, b, c] = numbers
  const pre = suffix?.split('.') ?? []
  const at = (x: number, y = 0, z = 0, before: readonly string[] = []): Version => ({ numbers: [x, y, z], pre: before })
  if (a === undefined) return operator === '<' || operator === '>' ? [{ operator: '<', version: at(0) }] : []
  const low: Comparator = { operator: '>=', version: at(a, b, c, pre) }
  /** The first version behind those that the written numbers mean; its suffix `0` shuts out its own pre-releases. */
  const behind = b === undefined ? at(a + 1, 0, 0, ['0']) : c === undefined ? at(a, b + 1, 0, ['0']) : undefined
  switch (operator) {
    case '^': {
      const next =
        a > 0 || b === undefined
          ? at(a + 1, 0, 0, ['0'])
          : b > 0 || c === undefined
            ? at(0, b + 1, 0, ['0'])
            : at(0, 0, c + 1, ['0'])
      return [low, { operator: '<', version: next }]
    }
    case '~':
    case '~>':
      return [low, { operator: '<', version: b === undefined ? at(a + 1, 0, 0, ['0']) : at(a, b + 1, 0, ['0']) }]
    case '>':
      return [behind === undefined ? { ...low, operator: '>' } : { operator: '>=', version: { ...behind, pre: [] } }]
    case '<':
      return [{ operator: '<', version: behind === undefined ? low.version : { ...low.version, pre: ['0'] } }]
    case '>=':
      return [low]
    case '<=':
      return [behind === undefined ? { ...low, operator: '<=' } : { operator: '<', version: behind }]
    default:
      return behind === undefined ? [{ ...low, operator: '=' }] : [low, { operator: '<', version: behind }]
  }
}
