import { expect, it } from 'vitest'
import { DatabaseError } from '../base/errors.ts'
import { diagnosticsIn } from './close-outcome.ts'

it('what an engine says to no statement in particular is told as any other fault', () => {
  const fault = { kind: 'too-many-connections', message: 'too many connections', hint: 'lower `threads`' }
  expect(diagnosticsIn(new DatabaseError(fault))).toMatchObject([
    { code: 'db/too-many-connections', message: 'the server has no free connection', hints: ['lower `threads`'] },
  ])
})

it('an error of our own is raised again', () => {
  expect(() => diagnosticsIn(new TypeError('x'))).toThrow(TypeError)
})
