import { expect, it } from 'vitest'
import type { FixtureValue } from '../config/unit-test-entry.ts'
import { inferColumns } from './infer-columns.ts'

const span = { path: 'a.yml', start: 0, end: 1 }

it.each<[string, FixtureValue[]]>([
  ['bigint', ['1', null, '-20']],
  ['decimal(38,10)', ['1', '2.50']],
  ['double precision', ['1', '1e-20']],
  ['boolean', [true, 'false']],
  ['date', ['2024-01-01', null]],
  ['timestamp', ['2024-01-01', '2024-01-01 10:00:00']],
  ['text', ['0042']],
  ['text', ['1', 'a']],
  ['text', ['']],
  ['text', [null]],
  ['text', [[1, 2]]],
])('%s holds %j', (type, values) => {
  const rows = values.map((value) => ({ cells: [{ column: 'a', columnSpan: span, value, span }], span }))
  expect(inferColumns({ kind: 'rows', columns: ['a'], rows }, ['a'])).toEqual([{ name: 'a', type }])
})
