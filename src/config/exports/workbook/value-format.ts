/** How a value is shown. Dates: `yyyy MM MMM MMMM dd d EEE EEEE HH mm ss` and signs between them. */
export type ValueFormat =
  | {
      readonly kind: 'number'
      readonly decimals: number
      /** A comma between thousands. */
      readonly grouping: boolean
      readonly percent: boolean
      /** The value is divided by this before it is shown; 1 for most. */
      readonly divisor: 1 | 1_000 | 1_000_000 | 1_000_000_000
      readonly prefix: string
      readonly suffix: string
    }
  | { readonly kind: 'date'; readonly pattern: string }

const NUMBER = /^([^#0%,.]*)(#,##0|0|#)(?:\.(0+))?(,{0,3})(%?)([^#0%,.]*|"[^"]*")$/u
const DATE = /^(?:y{4}|yy|M{1,4}|d{1,2}|E{3,4}|H{1,2}|h{1,2}|m{2}|s{2}|tt|[-/.:, ]|'[^']*')+$/u

/** A pattern as in spreadsheets, `€#,##0.00`, `0.0%`, `#,##0.0,"K"`, or of a date, `yyyy-MM`. Undefined: neither. */
export function parseValueFormat(pattern: string): ValueFormat | undefined {
  const number = NUMBER.exec(pattern)
  if (number !== null) {
    const [, prefix = '', digits, decimals = '', commas = '', percent, suffix = ''] = number
    return {
      kind: 'number',
      decimals: decimals.length,
      grouping: digits === '#,##0',
      percent: percent === '%',
      divisor: DIVISORS[commas.length]!,
      prefix: unquoted(prefix),
      suffix: unquoted(suffix),
    }
  }
  return DATE.test(pattern) && /[yMdEHhms]/.test(pattern) ? { kind: 'date', pattern } : undefined
}

const DIVISORS = [1, 1_000, 1_000_000, 1_000_000_000] as const

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}
