import { describe, expect, it } from 'vitest'
import { faultWords } from '../../base/fault-words.ts'
import { isConnectionLost, postgresFault } from './postgres-error.ts'

/** An error of the driver's shape, as a server sends it. */
function serverSays(message: string, fields: { readonly [field: string]: string }): Error {
  return Object.assign(new Error(message), fields)
}

function said(error: Error, sql?: string): string {
  const { message, hints, notes = [] } = faultWords(postgresFault(error, sql))
  return [message, ...hints.filter((h) => h !== undefined), ...notes].join(' / ')
}

/** Recorded from a German server of version 15: statement, message, fields, and what a user reads. */
const german: readonly (readonly [sql: string, message: string, fields: { [field: string]: string }, words: string])[] =
  [
    [
      "select 'é🎉' as x, o.ordr_id from orders o",
      'Spalte o.ordr_id existiert nicht',
      {
        code: '42703',
        hint: 'Vielleicht wurde beabsichtigt, auf die Spalte »o.order_id« zu verweisen.',
        position: '19',
        routine: 'errorMissingColumn',
      },
      'there is no column `ordr_id` in `o` / did you mean `order_id`?',
    ],
    [
      "insert into orders(order_id, nam) values (1,'a')",
      'Spalte »nam« von Relation »orders« existiert nicht',
      { code: '42703', position: '30', routine: 'checkInsertTargets' },
      'there is no column `nam` here',
    ],
    [
      "select 'é🎉' from ordrs",
      'Relation »ordrs« existiert nicht',
      { code: '42P01', position: '18', routine: 'parserOpenTable' },
      'there is no table or view `ordrs`',
    ],
    [
      'select orders.name from orders o',
      'ungültiger Verweis auf FROM-Klausel-Eintrag für Tabelle »orders«',
      {
        code: '42P01',
        hint: 'Vielleicht wurde beabsichtigt, auf den Tabellenalias »o« zu verweisen.',
        position: '8',
        routine: 'errorMissingRTE',
      },
      'no table here is called `orders` / write `o`, the alias that it has here',
    ],
    [
      "select 'é🎉' as x, from from orders",
      'Syntaxfehler bei »from«',
      { code: '42601', position: '19', routine: 'scanner_yyerror' },
      'syntax error at `from` / take away the comma before it, or write what is missing there',
    ],
    [
      'select 1 +',
      'Syntaxfehler am Ende der Eingabe',
      { code: '42601', position: '11', routine: 'scanner_yyerror' },
      'the statement ends too early',
    ],
    [
      "select 'open",
      "Zeichenkette in Anführungszeichen nicht abgeschlossen bei »'open«",
      { code: '42601', position: '8', routine: 'scanner_yyerror' },
      "this text has no end / close it with `'`; an apostrophe inside is written `''`",
    ],
    [
      'select name = 1 from orders',
      'Operator existiert nicht: character varying = integer',
      { code: '42883', position: '13', routine: 'op_error' },
      '`=` is not defined for (character varying, integer) / cast one side to the type of the other',
    ],
    [
      'select lower(1)',
      'Funktion lower(integer) existiert nicht',
      { code: '42883', position: '8', routine: 'ParseFuncOrColumn' },
      '`lower` is not defined for (integer) / cast an argument to a type that fits',
    ],
    [
      'select name, sum(amount) from orders',
      'Spalte »orders.name« muss in der GROUP-BY-Klausel erscheinen oder in einer Aggregatfunktion verwendet werden',
      { code: '42803', position: '8', routine: 'check_ungrouped_columns_walker' },
      '`name` is neither in `group by` nor inside an aggregate / add it to `group by`, or take for example `max(name)`',
    ],
    [
      'select name from orders where sum(amount) > 1',
      'Aggregatfunktionen sind in WHERE nicht erlaubt',
      { code: '42803', position: '31', routine: 'check_agglevels_and_constraints' },
      '`where` cannot contain aggregates / filter groups with `having`',
    ],
    [
      'create or replace view v as select order_id as oid, name from orders',
      'kann Namen der Sichtspalte »order_id« nicht in »oid« ändern',
      { code: '42P16', routine: 'checkViewTupleDesc' },
      'the view has a column `order_id`, where `oid` would stand / `create or replace view` can only add columns at the end: drop the view and what reads it, and make them again',
    ],
    [
      'select pg_sleep(1)',
      'storniere Anfrage wegen Zeitüberschreitung der Anfrage',
      { code: '57014', routine: 'ProcessInterrupts' },
      'the statement took longer than it may / raise `statement_timeout` of the target, or make the statement cheaper',
    ],
    [
      'select pg_sleep(1)',
      'storniere Anfrage wegen Benutzeraufforderung',
      { code: '57014', routine: 'ProcessInterrupts' },
      'the statement was cancelled / another session cancelled it on the server; run again, or ask who did',
    ],
    [
      "insert into orders values (3, null, 'b')",
      'NULL-Wert in Spalte »amount« von Relation »orders« verletzt Not-Null-Constraint',
      {
        code: '23502',
        detail: 'Fehlgeschlagene Zeile enthält (3, null, b).',
        table: 'orders',
        column: 'amount',
        routine: 'ExecConstraints',
      },
      'a row of `orders` has no value for `amount`, which must have one',
    ],
  ]

describe('a server that speaks German', () => {
  for (const [sql, message, fields, words] of german) {
    it(message, () => {
      expect(said(serverSays(message, fields), sql)).toBe(words)
    })
  }
})

describe('postgresFault', () => {
  it('knows what can hardly be made to happen', () => {
    const kindOf = (code: string) => postgresFault(serverSays('…', { code })).kind
    expect(kindOf('53100')).toBe('disk-full')
    expect(kindOf('53200')).toBe('out-of-memory')
    expect(kindOf('53300')).toBe('too-many-connections')
    expect(kindOf('53400')).toBe('resources')
    expect(kindOf('XX001')).toBe('data-damaged')
    expect(kindOf('XX000')).toBe('engine-bug')
    expect(kindOf('54001')).toBe('too-complex')
    expect(kindOf('40001')).toBe('serialization')
    expect(kindOf('40P01')).toBe('deadlock')
    expect(kindOf('55P03')).toBe('lock-timeout')
    expect(kindOf('ZZ999')).toBe('other')
    expect(said(serverSays('out of shared memory', { code: '53200', routine: 'LockAcquireExtended' }))).toContain(
      'no room for more locks / raise `max_locks_per_transaction`',
    )
    expect(said(serverSays('could not extend file', { code: '53100' }))).toBe(
      "could not extend file / free some space on the server's disk, or lower `threads`",
    )
  })

  it('tells a standby that removed rows from two writers', () => {
    const standby = serverSays('canceling statement due to conflict with recovery', {
      code: '40001',
      routine: 'ProcessInterrupts',
    })
    expect(postgresFault(standby).kind).toBe('conflict')
    expect(said(standby)).toContain('connect to the primary')
  })

  it('reads the hints of older versions', () => {
    const lateral = serverSays('invalid reference to FROM-clause entry for table "o"', {
      code: '42P01',
      hint: 'There is an entry for table "o", but it cannot be referenced from this part of the query.',
      routine: 'errorMissingRTE',
    })
    expect(said(lateral, 'select * from orders o join (select o.name) q on true')).toBe(
      'there is no table or view `o` / There is an entry for table "o", but it cannot be referenced from this part of the query.',
    )
    const anyValue = serverSays('function any_value(text) does not exist', {
      code: '42883',
      routine: 'ParseFuncOrColumn',
    })
    expect(said(anyValue)).toBe(
      'there is no function `any_value` / Postgres has no `any_value`: use `max(x)`; `any_value` exists from Postgres 16 on',
    )
  })

  it('takes positions in code points, and drops what lies outside the statement', () => {
    const at = (position: string) => {
      const sql = "select '🎉🎉', a"
      const { offset, length } = postgresFault(serverSays('…', { code: '42804', position }), sql)
      return offset === undefined ? undefined : sql.slice(offset, offset + length!)
    }
    expect(at('14')).toBe('a')
    expect(at('8')).toBe("'🎉🎉'")
    expect(at('99')).toBeUndefined()
  })

  it('reads what is no error of the server', () => {
    expect(postgresFault(new Error('Query read timeout'))).toEqual({ kind: 'other', message: 'Query read timeout' })
    expect(postgresFault('odd')).toEqual({ kind: 'other', message: 'odd' })
  })
})

describe('isConnectionLost', () => {
  it('tells a lost connection from a failed statement', () => {
    const lost = (code: string) => isConnectionLost(serverSays('…', { code }))
    expect(
      ['57P01', '57P02', '57P03', '57P05', '25P03', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].filter((c) => !lost(c)),
    ).toEqual([])
    // 08006 comes from a foreign server that this one talks to; the own connection lives.
    expect(['57014', '08P01', '08006', '40001', '42601', '53300', 'ENOTFOUND'].filter(lost)).toEqual([])
    expect(isConnectionLost(new Error('Connection terminated unexpectedly'))).toBe(true)
    expect(isConnectionLost(new Error('Client has encountered a connection error and is not queryable'))).toBe(true)
    expect(isConnectionLost(new Error('something else'))).toBe(false)
  })
})
