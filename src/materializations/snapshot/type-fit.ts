type Kind =
  | { readonly of: 'integer' | 'text'; readonly size: number }
  | { readonly of: 'decimal'; readonly whole: number; readonly scale: number }
  | { readonly of: 'float'; readonly size: number }

const INTEGERS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19, hugeint: 39 }
const FLOATS: Readonly<Record<string, number>> = { real: 4, float: 4, double: 8, 'double precision': 8 }

function kindOf(type: string): Kind | undefined {
  const text = type.toLowerCase()
  const integer = INTEGERS[text]
  if (integer !== undefined) return { of: 'integer', size: integer }
  const float = FLOATS[text]
  if (float !== undefined) return { of: 'float', size: float }
  const characters = /^(?:text|(?:varchar|character varying)(?:\((\d+)\))?)$/.exec(text)
  if (characters !== null) return { of: 'text', size: Number(characters[1] ?? Number.POSITIVE_INFINITY) }
  const decimal = /^(?:decimal|numeric)(?:\((\d+),\s*(\d+)\))?$/.exec(text)
  if (decimal === null) return undefined
  const [, precision, scale] = decimal
  if (precision === undefined)
    return { of: 'decimal', whole: Number.POSITIVE_INFINITY, scale: Number.POSITIVE_INFINITY }
  return { of: 'decimal', whole: Number(precision) - Number(scale), scale: Number(scale) }
}

function fits(inner: Kind, outer: Kind): boolean {
  if (outer.of === 'decimal') {
    const asDecimal =
      inner.of === 'integer' ? { whole: inner.size, scale: 0 } : inner.of === 'decimal' ? inner : undefined
    return asDecimal !== undefined && asDecimal.whole <= outer.whole && asDecimal.scale <= outer.scale
  }
  return inner.of === outer.of && inner.size <= outer.size
}

/**
 * How values of a new type enter a column: `same`, `fits` (the column holds all of them), `grows` (the new type holds all
 * of the column's values), or `differs`. By the names of numbers and texts that engines share; all else differs.
 */
export function typeFit(column: string, values: string): 'same' | 'fits' | 'grows' | 'differs' {
  if (column.toLowerCase() === values.toLowerCase()) return 'same'
  // A column of nothing but nulls.
  if (/^"?null"?$/i.test(values)) return 'fits'
  const [have, want] = [kindOf(column), kindOf(values)]
  if (have === undefined || want === undefined) return 'differs'
  if (fits(want, have)) return 'fits'
  return fits(have, want) ? 'grows' : 'differs'
}
