import { expect, it } from 'vitest'
import { keepsDigits } from './excel-number.ts'
import { serialDate, serialTime } from './serial-date.ts'
import { columnLetters } from './sheet-columns.ts'
import { sheetNames } from './sheet-names.ts'
import { sheetText } from './sheet-text.ts'

it.each([
  ['1900-01-01', 1],
  ['1900-02-28', 59],
  ['1900-03-01', 61],
  ['2024-02-29', 45351],
  ['9999-12-31', 2958465],
  ['2024-02-29 12:00:00', 45351.5],
  ['2024-02-29 06:00:00+00', 45351.25],
  ['1899-12-31', null],
  ['0044-03-15 (BC)', null],
  ['10000-01-01', null],
  ['infinity', null],
])('counts the days to %s as Excel does', (text, serial) => {
  expect(serialDate(text)).toBe(serial)
})

it('never rounds a time into the next day', () => {
  expect(serialDate('9999-12-31 23:59:59.999999')).toBeLessThan(2958466)
  expect(serialTime('24:00:00')).toBe(1)
  expect(serialTime('10:00:00+02')).toBeNull()
})

it.each([
  ['0', true],
  ['-12.50', true],
  ['999999999999999', true],
  ['1000000000000000', true],
  ['1234567890123456', false],
  ['0.000000000000001234567890', true],
  ['123456789012345.6', false],
  ['NaN', false],
  ['1e5', false],
])('knows whether Excel keeps the digits of %s', (text, kept) => {
  expect(keepsDigits(text)).toBe(kept)
})

it('names columns and sheets as Excel does', () => {
  expect([0, 25, 26, 701, 702, 16383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD'])
  expect(sheetNames(["'a/b'", 'a_b', 'A_B', 'History', '', 'x'.repeat(40), `${'x'.repeat(35)}y`])).toEqual([
    'a_b',
    'a_b (2)',
    'A_B (3)',
    'History_',
    'Sheet',
    'x'.repeat(31),
    `${'x'.repeat(27)} (2)`,
  ])
})

it('escapes what XML or Excel would change', () => {
  expect(sheetText('<a & "b">\t\n\r\u0007_x0041_ _x 😀\ud800')).toBe(
    '&lt;a &amp; &quot;b&quot;&gt;\t\n_x000D__x0007__x005F_x0041_ _x 😀_xD800_',
  )
})
