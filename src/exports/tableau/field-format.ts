import type { TableauDatatype } from './field.ts'

/** Symbols that people write instead of a currency's code. */
const SYMBOLS: { readonly [code: string]: string } = {
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  CNY: '¥',
  INR: '₹',
  KRW: '₩',
  BRL: 'R$',
  AUD: 'A$',
  CAD: 'C$',
}

/** Currencies that have no cents. */
const WHOLE = new Set(['JPY', 'KRW', 'CLP', 'VND', 'ISK'])

const DATES: { readonly [name: string]: string } = {
  date: 'yyyy-MM-dd',
  datetime: 'yyyy-MM-dd HH:mm:ss',
  time: 'HH:mm:ss',
  month: 'MMM yyyy',
  year: 'yyyy',
}

export const FORMAT_NAMES = [
  'integer',
  'number',
  'percent',
  'currency',
  'thousands',
  'millions',
  'billions',
  ...Object.keys(DATES),
]

export interface FieldFormat {
  /** As Tableau stores it. */
  readonly text: string
  /** `any`: Tableau's own text, which is not looked into. */
  readonly fits: 'numbers' | 'dates' | 'any'
}

/** What a format in YAML means to Tableau; undefined when it means nothing. */
export function fieldFormat(written: string): FieldFormat | undefined {
  const text = written.trim()
  return named(text) ?? raw(text) ?? pattern(text)
}

/** Whether a field of this type can be shown in the format. */
export function formatFits(format: FieldFormat, datatype: TableauDatatype): boolean {
  if (format.fits === 'any') return true
  const dated = datatype === 'date' || datatype === 'datetime'
  return format.fits === 'dates' ? dated : datatype === 'integer' || datatype === 'real'
}

/** A name and what goes with it: `number 1`, `percent 2`, `currency EUR 0`, `month`. */
function named(text: string): FieldFormat | undefined {
  const [name, ...rest] = text.split(/\s+/)
  if (name === undefined) return undefined
  if (Object.hasOwn(DATES, name) && rest.length === 0) return { text: `*${DATES[name]}`, fits: 'dates' }
  if (name === 'currency') return currency(rest)
  if (rest.length > 1 || (rest[0] !== undefined && !/^\d$/.test(rest[0]))) return undefined
  const digits = rest[0] === undefined ? undefined : Number(rest[0])
  const shape = (() => {
    if (name === 'integer' && digits === undefined) return signed('n', places(0))
    if (name === 'number') return signed('n', places(digits ?? 2))
    if (name === 'percent') return `p0${decimals(digits ?? 1)}%`
    if (name === 'thousands') return signed('n', `#,##0,${decimals(digits ?? 0)}K`)
    if (name === 'millions') return signed('n', `#,##0,,${decimals(digits ?? 1)}M`)
    if (name === 'billions') return signed('n', `#,##0,,,${decimals(digits ?? 1)}B`)
    return undefined
  })()
  return shape === undefined ? undefined : { text: shape, fits: 'numbers' }
}

function currency(rest: readonly string[]): FieldFormat | undefined {
  const [code, digits] = rest
  if (code === undefined || rest.length > 2 || !/^[A-Z]{3}$/.test(code)) return undefined
  if (digits !== undefined && !/^\d$/.test(digits)) return undefined
  const symbol = `"${Object.hasOwn(SYMBOLS, code) ? SYMBOLS[code] : `${code} `}"`
  const count = digits === undefined ? (WHOLE.has(code) ? 0 : 2) : Number(digits)
  return { text: `c${symbol}${places(count)};-${symbol}${places(count)}`, fits: 'numbers' }
}

const decimals = (count: number): string => (count === 0 ? '' : `.${'0'.repeat(count)}`)
const places = (count: number): string => `#,##0${decimals(count)}`
const signed = (kind: string, shape: string): string => `${kind}${shape};-${shape}`

/** A kind and a pattern, as Tableau stores it. */
function raw(text: string): FieldFormat | undefined {
  if (/^\*\S/.test(text)) return { text, fits: 'any' }
  return /^([ncps](?=["#0$(+-])|C\d{4}%)/.test(text) ? { text, fits: 'numbers' } : undefined
}

/** A pattern alone, as in a spreadsheet. */
function pattern(text: string): FieldFormat | undefined {
  if (/^[#0][#0,.]*%$/.test(text)) return { text: `p${text}`, fits: 'numbers' }
  if (/^[#0][#0,.]*$/.test(text)) return { text: signed('n', text), fits: 'numbers' }
  const dated = /^(?:y{2,4}|M{1,4}|d{1,4}|E{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|q|a|'[^']*'|[\s./,:-])+$/.test(text)
  return dated && /[yMdHh]/.test(text) ? { text: `*${text}`, fits: 'dates' } : undefined
}
