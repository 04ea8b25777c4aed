import { describe, expect, it } from 'vitest'
import type { PartitionSpec } from '../../replacement.ts'
import { PartitionKeys, partitionName } from './partition-key.ts'

const range = (granularity: 'day' | 'month' | 'year'): PartitionSpec => ({ kind: 'range', column: 'at', granularity })
const keys = (spec: PartitionSpec, type: string) => new PartitionKeys(spec, [{ name: 'at', type }])

describe('ranges', () => {
  it('are cut in UTC, whatever the time zone of the session', () => {
    const zoned = keys(range('day'), 'timestamp(3) with time zone')
    expect(zoned.query('r', null)).toContain(`date_trunc('day', "at" at time zone 'UTC')`)
    expect(zoned.keyOf(['2024-01-31', '2024-02-01'])).toEqual({
      label: '2024_01_31',
      bound: "for values from ('2024-01-31 00:00:00+00') to ('2024-02-01 00:00:00+00')",
      condition: `"at" >= '2024-01-31 00:00:00+00' and "at" < '2024-02-01 00:00:00+00'`,
    })
    expect(keys(range('year'), 'date').keyOf(['2024-01-01', '2025-01-01'])).toMatchObject({
      label: '2024',
      bound: "for values from ('2024-01-01') to ('2025-01-01')",
    })
    expect(keys(range('month'), 'timestamp without time zone').keyOf(['2024-01-01', '2024-02-01'])).toMatchObject({
      label: '2024_01',
      bound: "for values from ('2024-01-01 00:00:00') to ('2024-02-01 00:00:00')",
    })
  })

  it('leave out what partitions of any size hold already', () => {
    const bounds = [['MINVALUE', "'2000-01-01 00:00:00+00'"] as const]
    expect(keys(range('day'), 'timestamp with time zone').overlap(bounds)).toBe(
      "exists (select from (values ('-infinity'::timestamp, '2000-01-01 00:00:00+00'::timestamptz at time zone 'UTC')) b (f, t) where b.f < k + interval '1 day' and b.t > k)",
    )
    expect(keys(range('day'), 'date').overlap([])).toBeNull()
  })
})

it('refuses types that cannot be ordered or hashed', () => {
  const refused = (spec: PartitionSpec, type: string) => {
    try {
      keys(spec, type)
      return false
    } catch {
      return true
    }
  }
  const list = { kind: 'list', column: 'at' } as const
  const hash = { kind: 'hash', column: 'at', partitions: 2 } as const
  expect(['text', 'time without time zone', 'integer'].map((t) => refused(range('day'), t))).toEqual([true, true, true])
  expect([refused(list, 'json'), refused(list, 'money'), refused(list, 'jsonb')]).toEqual([true, false, false])
  expect([refused(hash, 'money'), refused(hash, 'bit(3)'), refused(hash, 'uuid')]).toEqual([true, true, false])
})

it('names a partition after its table within 63 bytes, and two long ones apart', () => {
  expect(partitionName('orders', '2024_01')).toBe('orders_p2024_01')
  const [a, b] = [partitionName(`${'ü'.repeat(30)}a`, '2024_01'), partitionName(`${'ü'.repeat(30)}b`, '2024_01')]
  expect(a).toMatch(/^ü+_[\da-f]{8}_p2024_01$/)
  expect(Buffer.byteLength(a)).toBeLessThanOrEqual(63)
  expect(a).not.toBe(b)
})
