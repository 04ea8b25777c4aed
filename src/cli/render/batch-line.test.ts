import { expect, it } from 'vitest'
import type { BatchInfo, NodeInfo } from '../../base/events.ts'
import { batchRecord, batchStartRecord } from './batch-line.ts'

const node: NodeInfo = {
  uniqueId: 'model.shop.daily',
  name: 'daily',
  resourceType: 'model',
  materialized: 'incremental',
  path: 'models/daily.sql',
  relation: 'main.daily',
}
const batch: BatchInfo = {
  id: '20260103',
  name: '2026-01-03',
  start: '2026-01-03T00:00:00+00:00',
  end: '2026-01-04T00:00:00+00:00',
}
const at = '2026-01-05T00:00:00.000Z'
const ended = { node, batch, index: 3, total: 12, seconds: 0.5, startedAt: at, finishedAt: at } as const

it('tells of a batch in dbt’s events, with its place among the others and its window', () => {
  const started = batchStartRecord({ type: 'batch.started', node, batch, index: 3, total: 12, at }, 60)
  expect(started).toMatchObject({ name: 'LogStartBatch', code: 'Q045' })
  expect(started.data).toMatchObject({ batch_index: 3, total_batches: 12, batch })
  const good = batchRecord({ type: 'batch.finished', ...ended, status: 'success', rows: 7 }, 60)
  expect(good).toMatchObject({ name: 'LogBatchResult', code: 'Q046', level: 'info' })
  expect(good.msg).toBe('Batch 3 of 12 OK built batch 2026-01-03 of main.daily ............ [OK 7 in 0.50s]')
  const bad = batchRecord({ type: 'batch.finished', ...ended, status: 'error', rows: null }, 60)
  expect(bad).toMatchObject({ level: 'error' })
  expect(bad.msg).toMatch(/^Batch 3 of 12 ERROR building batch 2026-01-03 of main\.daily \.* \[ERROR in 0\.50s\]$/)
})
