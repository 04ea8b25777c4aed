import { describe, expect, it } from 'vitest'
import type { Flag, FlagKind } from './flag.ts'
import { readFlag } from './read-flag.ts'

const flag = (kind: FlagKind): Flag => ({ long: 'x', kind, about: '' })

describe('readFlag', () => {
  it.each([
    ['30', 30_000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['0', 0],
  ])('reads the duration %s as milliseconds', (text, value) => {
    expect(readFlag(flag({ is: 'duration', value: 'time' }), text)).toEqual({ value })
  })

  it.each(['', 'm', '10 m', '-5', '10d', '1e3'])('refuses the duration %j', (text) => {
    expect(readFlag(flag({ is: 'duration', value: 'time' }), text)).toHaveProperty('expected')
  })

  it.each([
    ['True', true],
    ['1', true],
    ['on', true],
    ['False', false],
    ['no', false],
  ])('reads the switch %s as dbt does', (text, value) => {
    expect(readFlag(flag({ is: 'switch' }), text)).toEqual({ value })
  })

  it('refuses a switch that is neither', () => {
    expect(readFlag(flag({ is: 'switch' }), 'maybe')).toHaveProperty('expected')
  })

  it.each(['4', '+4', ' 4 '])('reads the integer %j', (text) => {
    expect(readFlag(flag({ is: 'integer', value: 'n', from: 1 }), text)).toEqual({ value: 4 })
  })

  it.each(['', '0', '-1', '1.5', '0x10', '9007199254740993', 'NaN'])('refuses the integer %j', (text) => {
    expect(readFlag(flag({ is: 'integer', value: 'n', from: 1 }), text)).toHaveProperty('expected')
  })

  it('reads a choice without regard to case and knows the others', () => {
    const kind = { is: 'choice', value: 'x', choices: ['json', 'text'] } as const
    expect(readFlag(flag(kind), 'JSON')).toEqual({ value: 'json' })
    expect(readFlag(flag(kind), 'xml')).toMatchObject({ known: ['json', 'text'] })
  })
})
