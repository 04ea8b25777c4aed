import { expect, it } from 'vitest'
import { typeFit } from './type-fit.ts'

it.each([
  ['INTEGER', 'integer', 'same'],
  ['bigint', 'integer', 'fits'],
  ['integer', 'bigint', 'grows'],
  ['numeric(10,2)', 'DECIMAL(12, 2)', 'grows'],
  ['numeric', 'numeric(38,10)', 'fits'],
  ['DECIMAL(10,2)', 'DECIMAL(8,4)', 'differs'],
  ['DECIMAL(18,2)', 'INTEGER', 'fits'],
  ['smallint', 'numeric(5,0)', 'grows'],
  ['character varying(10)', 'text', 'grows'],
  ['VARCHAR', 'character varying(5)', 'fits'],
  ['double precision', 'real', 'fits'],
  ['double precision', 'bigint', 'differs'],
  ['date', 'timestamp', 'differs'],
  ['DATE', '"NULL"', 'fits'],
] as const)('a column of %s and values of %s: %s', (column, values, fit) => {
  expect(typeFit(column, values)).toBe(fit)
})
