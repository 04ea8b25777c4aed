import type { ValueFormat } from '../../../config/exports/workbook/value-format.ts'

const UNITS = { 1: '', 1000: ',', 1000000: ',,', 1000000000: ',,,' } as const

/** A format as Tableau stores it: `n#,##0;-#,##0`, `p0.0%`, `c"€"#,##0;-"€"#,##0`, `*yyyy-MM`. */
export function valueFormatText(format: ValueFormat): string {
  if (format.kind === 'date') return `*${format.pattern}`
  const { decimals, grouping, percent, divisor, prefix, suffix } = format
  const digits = `${grouping ? '#,##0' : '0'}${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}${UNITS[divisor]}`
  if (percent && prefix === '' && suffix === '') return `p${digits}%`
  const shape = `${quoted(prefix)}${digits}${percent ? '%' : ''}${quoted(suffix)}`
  const kind = prefix !== '' ? 'c' : suffix !== '' || percent ? '*' : 'n'
  return `${kind}${shape};-${shape}`
}

const quoted = (text: string): string => (text === '' ? '' : `"${text}"`)
