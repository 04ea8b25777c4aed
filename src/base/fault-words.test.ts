import { describe, expect, it } from 'vitest'
import type { DatabaseFault } from './errors.ts'
import { faultWords } from './fault-words.ts'

function words(kind: string, message: string, rest: Partial<DatabaseFault> = {}): string {
  const { message: text, hints } = faultWords({ kind, message, ...rest })
  return [text, ...hints.filter((h) => h !== undefined)].join(' / ')
}

describe('faultWords', () => {
  it('names the column and, when it is written, the table', () => {
    const gone = 'Referenced column "emial" not found in FROM clause!'
    expect(words('column-missing', gone, { name: 'emial', candidates: ['email'] })).toBe(
      'there is no column `emial` here / did you mean `email`?',
    )
    const at = { sql: 'select c."Emial" from t c', offset: 7, length: 9, name: 'emial' }
    expect(words('column-missing', 'Table "c" does not have …', at)).toBe('there is no column `emial` in `c`')
  })

  it('offers no name that is far from what was written', () => {
    expect(words('column-missing', '', { name: 'zzz', candidates: ['amount'] })).toBe('there is no column `zzz` here')
    expect(words('table-missing', '', { name: 'runs', candidates: ['main.duckdb_constraints', 'pg_enum'] })).toBe(
      'there is no table or view `runs`',
    )
    expect(words('function-missing', '', { name: 'coalese', candidates: ['acos'] })).toBe(
      'there is no function `coalese` / did you mean `coalesce`?',
    )
  })

  it('tells an unknown alias from an unknown table', () => {
    const alias = { sql: 'select cc.email from t c', offset: 7, length: 8, name: 'cc', candidates: ['c'] }
    expect(words('table-missing', '', alias)).toBe('no table here is called `cc` / did you mean `c`?')
    const table = {
      sql: 'select 1 from s.customer',
      offset: 14,
      length: 10,
      name: 'customer',
      candidates: ['s.customers'],
    }
    expect(words('table-missing', '', table)).toMatch(/^there is no table or view `customer` \/ did you mean/)
  })

  it('says what to write where a name or a group is not clear', () => {
    const two = 'Ambiguous reference to column name "id" (use: "a.id" or "b.id")'
    expect(words('ambiguous', two, { name: 'id' })).toBe(
      '`id` is a column of more than one table here / write `a.id` or `b.id`',
    )
    expect(words('grouping', 'column "id" must appear in the GROUP BY clause or must be …\nEither …')).toBe(
      '`id` is neither in `group by` nor inside an aggregate / add it to `group by`, or take for example `any_value(id)`',
    )
    expect(words('grouping', 'WHERE clause cannot contain aggregates!')).toBe(
      '`where` cannot contain aggregates / filter groups with `having`',
    )
  })

  it('keeps the rest of the statement out of the message', () => {
    expect(words('syntax', 'unterminated quoted string at or near "\'abc,\n  from x\n)"')).toBe(
      "this text has no end / close it with `'`; an apostrophe inside is written `''`",
    )
    expect(words('syntax', 'syntax error at or near "as"')).toBe('syntax error at `as`')
  })

  it('gives types their SQL names', () => {
    const call = "No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'."
    expect(words('type', call)).toBe('`+` is not defined for (VARCHAR, INTEGER) / cast an argument to a type that fits')
  })

  it('lets an engine advise instead, and keeps near names and notes', () => {
    const gone = { name: 'emial', candidates: ['email'], hint: 'write it in quotes', notes: ['more'] }
    expect(words('column-missing', '', gone)).toBe(
      'there is no column `emial` here / did you mean `email`? / write it in quotes',
    )
    expect(faultWords({ kind: 'column-missing', message: '', ...gone }).notes).toEqual(['more'])
    expect(words('grouping', 'WHERE clause cannot contain window functions!', { hint: 'use a sub-query' })).toBe(
      '`where` cannot contain window functions / use a sub-query',
    )
    expect(words('disk-full', 'no space', { hint: 'make room' })).toBe('no space / make room')
  })

  it('words what servers do in one way', () => {
    expect(words('deadlock', 'deadlock detected')).toMatch(/^this statement and another session waited .* \/ run again/)
    expect(words('statement-timeout', 'storniere Anfrage')).toBe('the statement took longer than it may')
  })

  it("leaves the engine's text where it has no better one", () => {
    expect(words('conversion', "Could not convert string 'x' to INT32")).toBe("Could not convert string 'x' to INT32")
    expect(words('other', 'something new', { name: 'a', candidates: ['zzzzzz'] })).toBe('something new')
  })
})
