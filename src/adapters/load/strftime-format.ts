const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/^YYYY/, '%Y'],
  [/^yyyy/, '%Y'],
  [/^(YY|yy)/, '%y'],
  [/^MMMM/, '%B'],
  [/^(Month|MONTH|month)/, '%B'],
  [/^(MMM|Mon|MON|mon)/, '%b'],
  [/^MM/, '%m'],
  [/^(DD|dd)/, '%d'],
  [/^(HH24|HH|hh24)/, '%H'],
  [/^(HH12|hh12|hh)/, '%I'],
  [/^(MI|mi|mm)/, '%M'],
  [/^(SS|ss)/, '%S'],
  [/^(\.?)(FF|US|MS|SSS|fff|ffffff)/, '$1%f'],
  [/^(AM|PM|am|pm)/, '%p'],
]

const ISO_DATE = '%Y-%m-%d'
const ISO_TIMESTAMPS = [
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%d %H:%M:%S.%f',
  '%Y-%m-%dT%H:%M:%S',
  '%Y-%m-%dT%H:%M:%S.%f',
  ISO_DATE,
]

/**
 * strftime patterns of a format as users write it: strftime itself (`%d.%m.%Y`), tokens (`DD.MM.YYYY`, `HH24:MI:SS`) or
 * `iso`. Undefined when it holds a word that is none of these.
 */
export function strftimeFormats(format: string, kind: 'date' | 'timestamp'): readonly string[] | undefined {
  if (/^iso(8601)?$/i.test(format)) return kind === 'date' ? [ISO_DATE] : ISO_TIMESTAMPS
  if (format.includes('%')) return [format]
  let rest = format
  let out = ''
  while (rest !== '') {
    const token = TOKENS.find(([pattern]) => pattern.test(rest))
    if (token !== undefined) {
      const matched = token[0].exec(rest)!
      out += token[1].replace('$1', matched[1] ?? '')
      rest = rest.slice(matched[0].length)
    } else if (/^[A-SU-Za-z]/.test(rest)) return undefined
    else {
      out += rest[0]
      rest = rest.slice(1)
    }
  }
  return out.includes('%') ? [out] : undefined
}
