import { expect, test } from 'vitest'
import { fieldFormat, formatFits } from './field-format.ts'

test.each<[written: string, stored: string]>([
  ['integer', 'n#,##0;-#,##0'],
  ['number', 'n#,##0.00;-#,##0.00'],
  ['number 0', 'n#,##0;-#,##0'],
  ['percent', 'p0.0%'],
  ['percent 0', 'p0%'],
  ['currency USD 0', 'c"$"#,##0;-"$"#,##0'],
  ['currency JPY', 'c"¥"#,##0;-"¥"#,##0'],
  ['currency CHF', 'c"CHF "#,##0.00;-"CHF "#,##0.00'],
  ['thousands', 'n#,##0,K;-#,##0,K'],
  ['millions', 'n#,##0,,.0M;-#,##0,,.0M'],
  ['billions 2', 'n#,##0,,,.00B;-#,##0,,,.00B'],
  ['month', '*MMM yyyy'],
  ['dd.MM.yyyy', '*dd.MM.yyyy'],
  ['#,##0.000', 'n#,##0.000;-#,##0.000'],
  ['0.00%', 'p0.00%'],
  ['n#,##0;(#,##0)', 'n#,##0;(#,##0)'],
  ["*yyyy-'W'ww", "*yyyy-'W'ww"],
  ['c"$"#,##0,.0K', 'c"$"#,##0,.0K'],
])('%s is stored as %s', (written, stored) => {
  expect(fieldFormat(written)?.text).toBe(stored)
})

test.each([
  '',
  'percnt',
  'number x',
  'number 1 2',
  'currency',
  'currency euro',
  'currency EUR x',
  'integer 2',
  'none',
  'date 1',
])('`%s` is no format', (written) => expect(fieldFormat(written)).toBeUndefined())

test('formats of numbers fit numbers, those of dates dates, and Tableau’s own any', () => {
  const fits = (written: string): readonly boolean[] =>
    (['real', 'date', 'string'] as const).map((datatype) => formatFits(fieldFormat(written)!, datatype))
  expect(fits('percent')).toEqual([true, false, false])
  expect(fits('month')).toEqual([false, true, false])
  expect(fits('*x')).toEqual([true, true, true])
})
