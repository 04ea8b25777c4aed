/** A parsed `warn_if` or `error_if`. Numbers are bad rows, or percent of the tested relation's rows. */
export type Threshold =
  | { readonly kind: 'compare'; readonly operator: Operator; readonly value: number; readonly percent: boolean }
  | {
      readonly kind: 'between'
      readonly low: number
      readonly high: number
      readonly not: boolean
      readonly percent: boolean
    }
  | { readonly kind: 'in'; readonly values: readonly number[]; readonly not: boolean; readonly percent: boolean }

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

const number = String.raw`([+-]?\d+(?:\.\d+)?)\s*(%?)`
const comparison = new RegExp(`^(=|==|!=|<>|<|<=|>|>=)\\s*${number}$`)
const range = new RegExp(`^(not\\s+)?between\\s+${number}\\s+and\\s+${number}$`, 'i')
const membership = /^(not\s+)?in\s*\(([^()]*)\)$/i
const single = new RegExp(`^${number}$`)

/**
 * Reads what dbt puts behind the number of failures: `!= 0`, `> 10`, `between 1 and 5`, `in (1, 2)`; with `%` behind
 * the numbers it speaks of the share of rows. Undefined when the text has none of these forms.
 */
export function parseThreshold(text: string): Threshold | undefined {
  const source = text.trim()
  const compared = comparison.exec(source)
  if (compared !== null) {
    const sign = compared[1]!
    const operator = (sign === '==' ? '=' : sign === '<>' ? '!=' : sign) as Operator
    return { kind: 'compare', operator, value: Number(compared[2]), percent: compared[3] === '%' }
  }
  const ranged = range.exec(source)
  if (ranged !== null) {
    if (ranged[3] !== ranged[5]) return undefined
    const [low, high] = [Number(ranged[2]), Number(ranged[4])]
    return { kind: 'between', low, high, not: ranged[1] !== undefined, percent: ranged[3] === '%' }
  }
  const listed = membership.exec(source)
  if (listed === null) return undefined
  const items = listed[2]!.split(',').map((item) => single.exec(item.trim()))
  if (items.some((item) => item === null) || new Set(items.map((item) => item![2])).size !== 1) return undefined
  const values = items.map((item) => Number(item![1]))
  return { kind: 'in', values, not: listed[1] !== undefined, percent: items[0]![2] === '%' }
}

/**
 * Whether `failures` meets the threshold.
 * @param rows rows of the tested relation; asked for by percent only. No rows at all count as 0 percent.
 */
export function meetsThreshold(threshold: Threshold, failures: number, rows: number): boolean {
  const value = threshold.percent ? (rows === 0 ? 0 : (failures / rows) * 100) : failures
  if (threshold.kind === 'between') return threshold.not !== (value >= threshold.low && value <= threshold.high)
  if (threshold.kind === 'in') return threshold.not !== threshold.values.includes(value)
  switch (threshold.operator) {
    case '=':
      return value === threshold.value
    case '!=':
      return value !== threshold.value
    case '<':
      return value < threshold.value
    case '<=':
      return value <= threshold.value
    case '>':
      return value > threshold.value
    case '>=':
      return value >= threshold.value
  }
}
