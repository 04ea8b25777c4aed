import { describe, expect, it } from 'vitest'
import { compareVersions, satisfies } from './version-range.ts'

const cases: readonly (readonly [range: string, yes: string, no: string])[] = [
  ['^1.2.3', '1.2.3 1.2.4 1.9.0', '1.2.2 2.0.0 2.0.0-beta 1.3.0-beta'],
  ['^0.2.3', '0.2.3 0.2.9', '0.3.0 0.2.2'],
  ['^0.0.3', '0.0.3', '0.0.4'],
  ['^0', '0.0.1 0.9.9', '1.0.0'],
  ['^0.0', '0.0.1', '0.1.0'],
  ['~1.2.3', '1.2.3 1.2.9', '1.3.0'],
  ['~1', '1.0.0 1.9.9', '2.0.0'],
  ['1.2.x', '1.2.0 1.2.7', '1.3.0 1.1.9'],
  ['1', '1.0.0 1.7.0', '2.0.0 0.9.0'],
  ['1.2.3', '1.2.3', '1.2.4'],
  ['=1.2.3', '1.2.3', '1.2.4'],
  ['>=1.0.0 <2.0.0', '1.0.0 1.9.9', '2.0.0 0.9.9'],
  ['>=1.0.0, <2.0.0', '1.5.0', '2.0.0'],
  ['>= 1.0.0', '1.0.0 9.0.0', '0.9.0'],
  ['>1', '2.0.0', '1.9.9'],
  ['<=1.2', '1.2.9 0.1.0', '1.3.0'],
  ['<1.2', '1.1.9', '1.2.0 1.2.0-beta'],
  ['1.0.0 - 1.4', '1.0.0 1.4.9', '1.5.0'],
  ['1 || 3', '1.5.0 3.0.0', '2.0.0'],
  ['*', '0.0.1 9.9.9', '1.0.0-beta'],
  ['', '1.0.0', '1.0.0-beta'],
  ['1.0.0-beta.2', '1.0.0-beta.2', '1.0.0-beta.3 1.0.0'],
  ['>=1.0.0-beta.2', '1.0.0-beta.10 1.0.0 2.0.0', '1.0.0-beta.1 2.0.0-beta.5'],
]

describe('ranges of npm', () => {
  it.each(cases)('%s', (range, yes, no) => {
    for (const version of yes.split(' ')) expect([version, satisfies(version, range)]).toEqual([version, true])
    for (const version of no.split(' ')) expect([version, satisfies(version, range)]).toEqual([version, false])
  })

  it('tells what is no range', () => {
    expect(satisfies('1.0.0', 'latest')).toBeUndefined()
    expect(satisfies('1.0.0', '^1.x.y')).toBeUndefined()
    expect(satisfies('nonsense', '*')).toBe(false)
  })

  it('sorts versions', () => {
    const sorted = ['1.0.0', '1.0.0-beta.2', '1.0.0-beta.10', '0.9.0', '1.10.0', '1.9.0', '1.0.0-alpha', '1.0.0-beta.x']
    expect(sorted.toSorted(compareVersions).join(' ')).toBe(
      '0.9.0 1.0.0-alpha 1.0.0-beta.2 1.0.0-beta.10 1.0.0-beta.x 1.0.0 1.9.0 1.10.0',
    )
  })
})
