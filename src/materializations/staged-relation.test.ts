import { describe, expect, it } from 'vitest'
import { duckDbDialect } from '../adapters/duckdb/duckdb-dialect.ts'
import { isStagedName } from '../sql/staged-name.ts'
import { stagedRelation } from './staged-relation.ts'

const short = { ...duckDbDialect, maxIdentifierBytes: 63 }
const target = (identifier: string) => ({ database: 'd', schema: 's', identifier })

describe('stagedRelation', () => {
  it('stands beside its target', () => {
    const staged = stagedRelation(target('orders'), '0a1b2c3d', duckDbDialect)
    expect(staged).toEqual({ database: 'd', schema: 's', identifier: 'orders__tsdbt_0a1b2c3d' })
    expect(isStagedName(staged.identifier)).toBe(true)
  })

  it('fits the limit of the engine in bytes, and keeps long names apart', () => {
    const long = 'ü'.repeat(40)
    const a = stagedRelation(target(`${long}a`), '0a1b2c3d', short).identifier
    const b = stagedRelation(target(`${long}b`), '0a1b2c3d', short).identifier
    expect(Buffer.byteLength(a)).toBeLessThanOrEqual(63)
    expect(Buffer.byteLength(a)).toBeGreaterThan(58)
    expect(a).not.toBe(b)
    expect(isStagedName(a)).toBe(true)
    expect(stagedRelation(target('x'.repeat(47)), '0a1b2c3d', short).identifier).toBe(
      `${'x'.repeat(47)}__tsdbt_0a1b2c3d`,
    )
  })
})
