import { describe, expect, it } from 'vitest'
import { needsRowCount, testRule, testVerdict } from './test-verdict.ts'

const rule = (severity: string, errorIf = '!= 0', warnIf = '!= 0') =>
  testRule({ severity, warn_if: warnIf, error_if: errorIf })!

describe('testVerdict', () => {
  it('asks error_if before warn_if', () => {
    expect(testVerdict(rule('ERROR', '> 5', '> 2'), 6, 0).status).toBe('fail')
    expect(testVerdict(rule('error', '> 5', '> 2'), 3, 0)).toEqual({
      status: 'warn',
      failures: 3,
      message: 'Got 3 results, configured to warn if > 2',
    })
    expect(testVerdict(rule('error', '> 5', '> 2'), 2, 0)).toEqual({ status: 'pass', failures: 0, message: '' })
  })

  it('never asks error_if with severity warn', () => {
    expect(testVerdict(rule('warn', '> 0', '> 5'), 3, 0).status).toBe('pass')
    expect(needsRowCount(rule('warn', '> 5%'))).toBe(false)
    expect(needsRowCount(rule('error', '> 5%'))).toBe(true)
  })

  it('counts one result in the singular', () => {
    expect(testVerdict(rule('error'), 1, 0).message).toBe('Got 1 result, configured to fail if != 0')
  })

  it('is undefined for a threshold that cannot be read', () => {
    expect(testRule({ severity: 'error', warn_if: '!= 0', error_if: 'some' })).toBeUndefined()
  })
})
