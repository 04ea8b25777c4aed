import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { duckDbDialect } from '../adapters/duckdb/duckdb-dialect.ts'
import { DEFAULT_CONFIG } from '../config/merge-config.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { planSharedScans } from './shared-scan.ts'

function candidate(
  type: string,
  column: string | null,
  config: Partial<NodeConfig> = {},
  more = {},
  modelSql: string | null = 't',
) {
  const options = { config, ...(column === null ? {} : { column }) }
  const built = new HandBuiltProject().table('t').test(type, ['t'], options).build().tests[0]!
  const test = { ...built, config: { ...DEFAULT_CONFIG.model, ...config }, generic: { ...built.generic!, ...more } }
  return { test, compiled: { uniqueId: test.uniqueId, sql: { text: '', segments: [] }, modelSql } }
}

describe('planSharedScans', () => {
  it('puts the simple tests of one relation into one statement', () => {
    const tests = [
      candidate('not_null', 'id'),
      candidate('unique', 'id'),
      candidate('accepted_values', 'kind', {}, { kwargs: { values: ["it's", 1] } }),
      candidate('accepted_values', 'n', {}, { kwargs: { values: [1, 2], quote: false } }),
    ]
    const { scans, single } = planSharedScans(tests, duckDbDialect)
    expect(single).toEqual([])
    expect(scans.map((s) => s.sql)).toEqual([
      `select count(*) as n, count(*) - count(id) as c0, count(id) - count(distinct id) as c1, count(case when kind not in ('it''s', '1') then 1 end) as c2, count(case when n not in (1, 2) then 1 end) as c3 from t`,
    ])
  })

  it('keeps relations apart', () => {
    const tests = [candidate('not_null', 'id'), candidate('not_null', 'id', {}, {}, '(select 1) as t')]
    expect(planSharedScans(tests, duckDbDialect).scans).toHaveLength(2)
  })

  it('leaves alone what a counter cannot answer', () => {
    const tests = [
      candidate('not_null', 'id', { limit: 5 }),
      candidate('not_null', 'id', { fail_calc: 'max(n)' }),
      candidate('not_null', 'id', {}, { macroId: 'macro.shop.test_not_null' }),
      candidate('not_null', null),
      candidate('relationships', 'id'),
      candidate('accepted_values', 'id', {}, { kwargs: { values: [null] } }),
      candidate('not_null', 'id', {}, {}, null),
    ]
    expect(planSharedScans(tests, duckDbDialect).single).toHaveLength(tests.length)
  })
})
