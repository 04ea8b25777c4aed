import { expect, it } from 'vitest'
import { ageText, freshnessVerdict } from './freshness-verdict.ts'
import { loadedAtOf } from './loaded-at.ts'

const none = { count: null, period: null }
const rules = { warn_after: { count: 1, period: 'hour' }, error_after: { count: 2, period: 'day' }, filter: null }

it.each([
  [3600, 'pass', ''],
  [3600.5, 'warn', 'warn after 1 hour'],
  [172_800, 'warn', 'warn after 1 hour'],
  [172_801, 'error', 'error after 2 days'],
  [-5, 'pass', ''],
])('an age of %d seconds', (age, status, rule) => {
  expect(freshnessVerdict(age, rules)).toEqual({ status, rule })
})

it('one rule alone', () => {
  expect(freshnessVerdict(1e9, { ...rules, error_after: none }).status).toBe('warn')
  expect(freshnessVerdict(1e9, { warn_after: none, error_after: none, filter: null }).status).toBe('pass')
})

it.each([
  [0, '0s'],
  [59.9, '59s'],
  [3600, '1h'],
  [11_520, '3h 12m'],
  [90_061, '1d 1h'],
  [-120, '2m in the future'],
])('%d seconds in words', (seconds, words) => expect(ageText(seconds)).toBe(words))

it.each([
  ['TIMESTAMP', '2024-02-29 12:30:15.5', '2024-02-29T12:30:15.500Z'],
  ['timestamp with time zone', '2024-02-29 12:30:15+02', '2024-02-29T10:30:15.000Z'],
  ['timestamp with time zone', '2024-02-29 12:30:15-03:30', '2024-02-29T16:00:15.000Z'],
  ['DATE', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['date', '0001-01-01', '0001-01-01T00:00:00.000Z'],
])('%s %s is a point in time', (type, value, expected) => {
  const loadedAt = loadedAtOf({ columns: [{ name: 'm', type }], rows: [[value]] })
  expect(loadedAt).toEqual({ kind: 'at', at: new Date(expected) })
})

it.each([
  ['VARCHAR', '2024-02-29'],
  ['BIGINT', 1_700_000_000],
  ['TIMESTAMP', 'infinity'],
  ['time', '12:00:00'],
])('%s %s is none', (type, value) => {
  expect(loadedAtOf({ columns: [{ name: 'm', type }], rows: [[value]] }).kind).toBe('unreadable')
})

it('no row and no value are never', () => {
  expect(loadedAtOf({ columns: [{ name: 'm', type: 'DATE' }], rows: [] }).kind).toBe('never')
  expect(loadedAtOf({ columns: [{ name: 'm', type: 'DATE' }], rows: [[null]] }).kind).toBe('never')
})
