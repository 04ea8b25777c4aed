import { describe, expect, it } from 'vitest'
import type { RightFact } from './relation-facts.ts'
import { rightsStatements } from './rights.ts'

const all = ['select', 'insert']
const object = { words: '"s"."t"', column: null, owner: 'own', all }
const right = (grantee: string, privilege: string, grantable = false, grantor = 'own'): RightFact => ({
  grantor,
  grantee,
  privilege,
  grantable,
})

describe('rightsStatements', () => {
  it('does nothing where nothing was ever granted', () => {
    expect(rightsStatements(object, null, null)).toEqual([])
    expect(rightsStatements(object, null, [right('own', 'select'), right('own', 'insert')])).toEqual([])
  })

  it('takes first, then gives, a statement for each role', () => {
    const present = [right('own', 'select'), right('own', 'insert'), right('', 'select'), right('b', 'select', true)]
    const wanted = [right('own', 'select'), right('B', 'select'), right('B', 'insert'), right('b', 'select')]
    expect(rightsStatements(object, wanted, present)).toEqual([
      'revoke insert on "s"."t" from "own"',
      'revoke select on "s"."t" from public',
      'revoke grant option for select on "s"."t" from "b"',
      'grant select, insert on "s"."t" to "B"',
    ])
  })

  it('gives rights with their option, whoever granted them', () => {
    const wanted = [right('a', 'select', true), right('b', 'select', false, 'a')]
    expect(rightsStatements(object, wanted, [])).toEqual([
      'grant select on "s"."t" to "a" with grant option',
      'grant select on "s"."t" to "b"',
    ])
  })

  it('knows that the rights of an owner pass to the next one', () => {
    const present = [right('before', 'select'), right('before', 'insert')]
    expect(rightsStatements(object, null, present, 'before')).toEqual([])
  })

  it('names columns', () => {
    const column = { ...object, column: 'a "b"', all: [] }
    expect(rightsStatements(column, [right('r', 'select')], null)).toEqual([
      'grant select ("a ""b""") on "s"."t" to "r"',
    ])
  })
})
