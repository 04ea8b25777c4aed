import { describe, expect, it } from 'vitest'
import { UserError } from '../../../base/errors.ts'
import { grantStatements, wantedRights } from './apply-grants.ts'

const facts = { owner: 'own', roles: ['own', 'Reader', 'reader'] }

describe('wantedRights', () => {
  it('knows `all`, everybody, and roles that differ in case', () => {
    const wanted = wantedRights({ grants: { ALL: ['Reader'], select: ['PUBLIC', 'reader', 'own'] } }, facts, 160000)
    expect(wanted.filter((r) => r.grantee === 'Reader').map((r) => r.privilege)).toHaveLength(7)
    expect(wanted.filter((r) => r.grantee !== 'Reader').map((r) => [r.grantee, r.privilege])).toEqual([
      ['', 'select'],
      ['reader', 'select'],
    ])
  })

  it('names the nearest role and privilege', () => {
    const raise = () => wantedRights({ grants: { selekt: ['raeder'] } }, facts, 160000)
    expect(raise).toThrow(UserError)
    try {
      raise()
    } catch (error) {
      expect((error as UserError).diagnostics.flatMap((d) => d.hints)).toEqual([
        'did you mean `select`?',
        'did you mean `Reader`?',
      ])
    }
  })

  it('has `maintain` where the server has it', () => {
    expect(() => wantedRights({ grants: { maintain: ['reader'] } }, facts, 160000)).toThrow(UserError)
    expect(wantedRights({ grants: { maintain: ['reader'] } }, facts, 170000)).toHaveLength(1)
  })
})

describe('grantStatements', () => {
  const right = (grantee: string, privilege: string, grantor = 'own', grantable = false) => ({
    ...{ grantee, privilege, grantor, grantable },
  })

  it("leaves the owner's own rights and granted options alone", () => {
    const rights = [right('own', 'select'), right('a', 'select', 'own', true)]
    expect(grantStatements('"t"', { owner: 'own', rights, columns: [] }, [right('a', 'select')])).toEqual([])
  })

  it('grants rights of columns again that go with a right of the whole', () => {
    const columns = [{ name: 'c', rights: [right('a', 'select'), right('b', 'select')] }]
    expect(grantStatements('"t"', { owner: 'own', rights: [right('a', 'select')], columns }, [])).toEqual([
      'revoke select on "t" from "a"',
      'grant select ("c") on "t" to "a"',
    ])
  })
})
