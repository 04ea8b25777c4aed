import { expect, it } from 'vitest'
import { parseFixtureCsv } from './parse-fixture-csv.ts'

const values = (text: string) => parseFixtureCsv(text).records.map((r) => r.cells.map((c) => c.value))

it('reads values, nulls and empty texts', () => {
  expect(values('id,name\n1,a\n2,\n3,""\n')).toEqual([
    ['id', 'name'],
    ['1', 'a'],
    ['2', null],
    ['3', ''],
  ])
})

it('reads quotes, line breaks in them, and the ends of lines of other systems', () => {
  expect(values('a,b\r\n"x, ""y""","1\n2"\r\n')).toEqual([
    ['a', 'b'],
    ['x, "y"', '1\n2'],
  ])
})

it('takes no notice of blanks around values and of blank lines', () => {
  expect(values('id,   name\n\n 1,  "a" \n   \n')).toEqual([
    ['id', 'name'],
    ['1', 'a'],
  ])
})

it('leaves a quote inside of a value alone', () => {
  expect(values('a\n5" disk\n"a" b\n')).toEqual([['a'], ['5" disk'], ['"a" b']])
})

it('tells where a quote is never closed', () => {
  expect(parseFixtureCsv('a,b\n1,"x').unclosed).toBe(6)
})

it('knows where each value stands', () => {
  const text = 'a,b\n1, "x"\n'
  const { cells, start, end } = parseFixtureCsv(text).records[1]!
  expect(cells.map((c) => text.slice(c.start, c.end))).toEqual(['1', '"x"'])
  expect(text.slice(start, end)).toBe('1, "x"')
})
