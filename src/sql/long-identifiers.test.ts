import { expect, it } from 'vitest'
import { longIdentifiers } from './long-identifiers.ts'

it('finds names that an engine would cut, bare and quoted, once', () => {
  const bare = 'a'.repeat(64)
  const quoted = `${'ü'.repeat(31)}""x`
  const sql = `select ${bare}, ${bare} as "${quoted}", '${bare}' as ${'b'.repeat(63)} -- ${bare}`
  expect(longIdentifiers(sql, 63)).toEqual([
    { name: bare, start: 7, end: 71 },
    { name: quoted.replace('""', '"'), start: sql.indexOf('"'), end: sql.indexOf('"') + quoted.length + 2 },
  ])
})
