import { describe, expect, it } from 'vitest'
import { publicationMode } from './publication-mode.ts'

const unit = (members: number, tests: number) => ({
  id: 'u',
  members: Array.from({ length: members }, (_, i) => `m${i}`),
  tests: Array.from({ length: tests }, (_, i) => `t${i}`),
  testsAfter: [],
  after: [],
  requires: [],
})
const plain = { changesInPlace: false, hasHooks: false, readsThroughView: false, tables: 1, replaces: true }
const duck = { transactionalDdl: true, replaceTable: true }

describe('publicationMode', () => {
  it('stages what must not hold an exclusive lock while it is audited', () => {
    expect(publicationMode(unit(1, 1), plain, { transactionalDdl: true })).toBe('staged')
    expect(publicationMode(unit(3, 1), { ...plain, tables: 2 }, duck)).toBe('staged')
  })

  it('takes one transaction where that is as safe and cheaper', () => {
    expect(publicationMode(unit(1, 1), plain, duck)).toBe('transaction')
    expect(publicationMode(unit(4, 1), plain, duck)).toBe('transaction')
    expect(publicationMode(unit(1, 0), plain, {})).toBe('transaction')
    const fresh = { ...plain, replaces: false }
    expect(publicationMode(unit(2, 1), fresh, { transactionalDdl: true })).toBe('transaction')
    expect(publicationMode(unit(2, 1), { ...fresh, tables: 2 }, { transactionalDdl: true })).toBe('staged')
  })

  it('takes one transaction where nothing else is right', () => {
    for (const trait of ['changesInPlace', 'hasHooks', 'readsThroughView'])
      expect(publicationMode(unit(3, 1), { ...plain, tables: 3, [trait]: true }, {}), trait).toBe('transaction')
  })
})
