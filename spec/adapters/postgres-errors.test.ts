import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { faultDiagnosticKind } from '../../src/adapters/errors.ts'
import { isConnectionLost, postgresFault } from '../../src/adapters/postgres/postgres-error.ts'
import { faultWords } from '../../src/base/fault-words.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'

let database: PostgresDatabase
let client: pg.Client

beforeAll(async () => {
  database = await postgresDatabase()
  client = await database.connect()
  await client.query(`
    create table orders (order_id int primary key, amount numeric(10, 2) not null check (amount > 0), name varchar(5));
    insert into orders values (1, 2.5, 'a');
    create table items (item_id int primary key, order_id int references orders);
    create view names as select order_id, name from orders;
    create view more as select * from names`)
})

afterAll(() => database.drop())

/** As the adapter sends it: prepared, one statement. */
async function errorOf(sql: string, on: pg.Client = client): Promise<Error> {
  const query = { text: sql, queryMode: 'extended' }
  const error = await on.query(query).catch((e: unknown) => e)
  if (!(error instanceof Error)) throw new Error(`no error for ${sql}`)
  return error
}

async function faultOf(sql: string, on?: pg.Client) {
  return postgresFault(await errorOf(sql, on), sql)
}

/** What a user reads: the words, and the hints and notes behind them. */
async function said(sql: string, on?: pg.Client): Promise<string> {
  const fault = await faultOf(sql, on)
  const { message, hints = [], notes = [] } = faultDiagnosticKind(fault)(fault)
  return [message, ...hints, ...notes].join(' / ')
}

/** Statement, kind, and the text that the fault points at; null: nothing. */
const places: readonly (readonly [sql: string, kind: string, at: string | null, name?: string])[] = [
  ["select 'é🎉', ordr_id from orders", 'column-missing', 'ordr_id', 'ordr_id'],
  ["select 'é🎉' as x, o.ordr_id from orders o", 'column-missing', 'o.ordr_id', 'ordr_id'],
  ['/* é🎉 */ select \'é🎉\' as x, "Ordr" from orders', 'column-missing', '"Ordr"', 'Ordr'],
  ["select * from (select 'é🎉', amout from orders) q", 'column-missing', 'amout', 'amout'],
  ["with c as (select 'é🎉' as a from orders) select c.b from c", 'column-missing', 'c.b', 'b'],
  ["with c as (select 'é🎉' as a, b from orders) select * from c", 'column-missing', 'b', 'b'],
  ["insert into orders (order_id, é) values (1, 'é🎉')", 'column-missing', 'é', 'é'],
  ['select * from orders join items using (nope)', 'column-missing', 'nope', 'nope'],
  ['select (orders).nope from orders', 'column-missing', 'orders', 'nope'],
  ["select 'é🎉' as x, from from orders", 'syntax', 'from'],
  ["select 'é🎉\n', (1", 'syntax', '1'],
  ["select 'é🎉', 'open", 'syntax', "'open"],
  ["select 'é🎉', \"open", 'syntax', '"open'],
  ["select 'é🎉', /* open", 'syntax', '/*'],
  ["select 'é🎉'; select 2", 'syntax', 'select'],
  ['select * from orders where order_id = $1', 'syntax', null],
  ["select 'é🎉' from ordrs", 'table-missing', 'ordrs', 'ordrs'],
  ['select * from absent.orders', 'table-missing', 'absent.orders', 'absent.orders'],
  ["select 'é🎉', x.name from orders o", 'table-missing', 'x.name', 'x'],
  ['drop table ordrs', 'table-missing', 'ordrs', 'ordrs'],
  ['create table absent.t (a int)', 'schema-missing', 'absent.t', 'absent'],
  ['select * from absent.main.orders', 'unsupported', 'absent.main.orders', 'absent'],
  ["select 'é🎉', lenght(name) from orders", 'function-missing', 'lenght', 'lenght'],
  ["select 'é🎉', lower(order_id) from orders", 'type', 'lower', 'lower'],
  ["select 'é🎉', amount + name from orders", 'type', '+'],
  ["select 'é🎉', name = 1 from orders", 'type', '='],
  ["select 'é🎉' from orders where order_id", 'type', 'order_id'],
  ["insert into orders values (2, now(), 'é🎉')", 'type', 'now'],
  ["select 'é🎉'::nosuch", 'type', 'nosuch', 'nosuch'],
  ["select 'é🎉', order_id::date from orders", 'type', '::'],
  ["select 'é🎉', name::int from orders", 'conversion', null],
  ["select 'é🎉', cast('x' as date)", 'conversion', "'x'"],
  ["select 'é🎉' = order_id from orders", 'conversion', "'é🎉'"],
  ["select date '2024-13-01'", 'conversion', "'2024-13-01'"],
  ["select '{'::jsonb", 'conversion', "'{'"],
  ['select 9223372036854775807 + order_id from orders', 'range', null],
  ["insert into orders values (2, 123456789, 'b')", 'range', null],
  ["insert into orders values (2, 1, 'too long')", 'range', null],
  ['select sqrt(-amount) from orders', 'range', null],
  ['select 1 / (order_id - 1) from orders', 'division-by-zero', null],
  ["select date_trunc('foo', now())", 'argument', null],
  ['select (select x from generate_series(1, 2) x)', 'cardinality', null],
  ["insert into orders values (1, 1, 'b')", 'constraint', null, 'orders_pkey'],
  ["insert into orders values (3, null, 'b')", 'constraint', null, 'amount'],
  ["insert into orders values (3, -1, 'b')", 'constraint', null, 'orders_amount_check'],
  ['insert into items values (1, 99)', 'constraint', null, 'items_order_id_fkey'],
  ['create table orders (a int)', 'exists', 'orders', 'orders'],
  ['alter table orders add column name int', 'exists', 'name', 'name'],
  ['create table d as select 1 as a, 2 as a', 'duplicate-name', null, 'a'],
  ['with a as (select 1), a as (select 2) select 3', 'duplicate-name', 'a', 'a'],
  ["select 'é🎉', name, sum(amount) from orders", 'grouping', 'name'],
  ['select name from orders where sum(amount) > 1', 'grouping', 'sum'],
  ['select name from orders where row_number() over () > 1', 'grouping', 'row_number'],
  ['select name from orders a join orders b using (order_id)', 'ambiguous', 'name', 'name'],
  ['drop table orders', 'dependency', null],
  ['alter table orders alter column name type text', 'dependency', null],
  ['drop view orders', 'wrong-object', 'orders', 'orders'],
  ['create or replace view names as select order_id from orders', 'view-columns', null],
  ['grant select on orders to nobody_there', 'object-missing', 'nobody_there', 'nobody_there'],
  ['vacuum orders', 'transaction', null],
  ["select pg_read_file('/absent')", 'file', null],
  ["do $$begin raise exception 'boom'; end$$", 'raised', null],
]

describe('places', () => {
  for (const [sql, kind, at, name] of places) {
    it(`${kind}: ${sql.replaceAll('\n', '\\n')}`, async () => {
      await client.query('begin')
      const fault = await faultOf(sql).finally(() => client.query('rollback'))
      const text = fault.offset === undefined ? null : sql.slice(fault.offset, fault.offset + fault.length!)
      expect({ kind: fault.kind, at: text, ...(name === undefined ? {} : { name: fault.name }) }).toEqual({
        kind,
        at,
        ...(name === undefined ? {} : { name }),
      })
      expect(fault.sql).toBe(sql)
      expect(faultDiagnosticKind(fault).code).toBe(`db/${kind}`)
      expect(faultWords(fault).message).toMatch(/\S/)
    })
  }
})

/** Statement and what the user reads. */
const words: readonly (readonly [sql: string, text: string])[] = [
  ['select ordr_id from orders', 'there is no column `ordr_id` here / did you mean `order_id`?'],
  ['select o.amout from orders o', 'there is no column `amout` in `o` / did you mean `amount`?'],
  [
    'select a.order_id, a.item_id from orders a join items b using (order_id)',
    'there is no column `item_id` in `a` / write `b.item_id`',
  ],
  ['select orders.name from orders o', 'no table here is called `orders` / write `o`, the alias that it has here'],
  ['select lenght(name) from orders', 'there is no function `lenght` / did you mean `length`?'],
  [
    'select median(amount) from orders',
    'there is no function `median` / Postgres has no `median`: use `percentile_cont(0.5) within group (order by x)`',
  ],
  ['select lower(order_id) from orders', '`lower` is not defined for (integer) / cast an argument to a type that fits'],
  [
    'select round(amount::float8, 2) from orders',
    '`round` is not defined for (double precision, integer) / cast the first argument: `round(x::numeric, 2)`',
  ],
  [
    'select name = 1 from orders',
    '`=` is not defined for (character varying, integer) / cast one side to the type of the other',
  ],
  [
    'select name like 1 from orders',
    '`like` is not defined for (character varying, integer) / cast one side to the type of the other',
  ],
  ['select 1::double', 'there is no type `double` / write `double precision`'],
  ['select 1 +', 'the statement ends too early'],
  ["select 'open", "this text has no end / close it with `'`; an apostrophe inside is written `''`"],
  ['selec 1', 'syntax error at `selec`'],
  [
    'select 1; select 2',
    'these are several statements, and one is expected / take away what stands behind the first `;`',
  ],
  [
    'select name, sum(amount) from orders',
    '`name` is neither in `group by` nor inside an aggregate / add it to `group by`, or take for example `max(name)`',
  ],
  ['select name from orders where sum(amount) > 1', '`where` cannot contain aggregates / filter groups with `having`'],
  [
    'select name from orders a join orders b using (order_id)',
    '`name` is a column of more than one table here / write the alias of the table before the column',
  ],
  [
    'create table d as select * from orders, items',
    'two columns are called `order_id` / leave one out, or give it another name with `as`; `*` over a join takes the columns of both sides',
  ],
  [
    "insert into orders values (1, 1, 'b')",
    'two rows of `orders` have the same key, which `orders_pkey` wants to be unique / Key (order_id)=(1) already exists.',
  ],
  ["insert into orders values (3, null, 'b')", 'a row of `orders` has no value for `amount`, which must have one'],
  [
    'insert into items values (1, 99)',
    'a row breaks the foreign key `items_order_id_fkey` of `items` / Key (order_id)=(99) is not present in table "orders".',
  ],
  [
    'drop view names',
    'cannot drop view names because other objects depend on it / drop or change what depends on it first; tsdbt never drops it along without being told / view more depends on view names',
  ],
  [
    'create or replace view names as select order_id::text as order_id, name from orders',
    'the view has a column `order_id` whose type would change from integer to text / `create or replace view` can only add columns at the end: drop the view and what reads it, and make them again',
  ],
  [
    `select ${'a'.repeat(64)} from orders`,
    `there is no column \`${'a'.repeat(63)}\` here / Postgres cuts names after 63 bytes: \`${'a'.repeat(64)}\` is too long`,
  ],
  ['select 1 / 0', 'division by zero / write `nullif(…, 0)` around the divisor'],
]

describe('words', () => {
  for (const [sql, text] of words) {
    it(sql.slice(0, 80), async () => {
      expect(await said(sql)).toBe(text)
    })
  }

  it('names the statement inside a block, and finds no place for it outside', async () => {
    const sql = "do $$begin execute 'select nope from orders'; end$$"
    const fault = await faultOf(sql)
    expect(fault).toMatchObject({ kind: 'column-missing', name: 'nope' })
    expect(fault.offset).toBeUndefined()
    expect(fault.notes).toEqual([
      'the mistake is in a statement that a function or a `do` block runs: select nope from orders',
    ])
  })

  it('repeats neither rows nor long values', async () => {
    const row = await faultOf("insert into orders values (3, null, 'geheim')")
    expect(JSON.stringify({ ...row, sql: '' })).not.toContain('geheim')
    const long = await faultOf(`select repeat('x', 100000)::int`)
    expect(long.message.length).toBeLessThan(500)
  })
})

/** SQL of other engines, and a part of the hint. */
const foreign: readonly (readonly [sql: string, hint: RegExp])[] = [
  ['select name from orders qualify row_number() over () = 1', /no `qualify`: .* sub-query/],
  ['select row_number() over () as rn from orders qualify rn = 1', /no `qualify`/],
  ['select * from orders where true qualify row_number() over () = 1', /no `qualify`/],
  ['select * exclude (name) from orders', /no `\* exclude/],
  ['select o.* exclude name from orders o', /no `\* exclude/],
  ['select * replace (1 as name) from orders', /no `\* replace/],
  ['pivot orders on name using sum(amount)', /no `pivot`/],
  ['select * from (pivot orders on name using sum(amount))', /no `pivot`/],
  ['from orders', /write `select \* from …`/],
  ['with o as (from orders) select * from o', /write `select \* from …`/],
  ['select name, sum(amount) from orders group by all', /no `by all`/],
  ['select * from orders order by all', /no `by all`/],
  ['select name, from orders', /comma/],
  ['select * from orders a asof join items b using (order_id)', /no `asof join`/],
  ['select * from orders positional join items', /no `positional join`/],
  ['select [1, 2]', /`array\[…\]`/],
  ["select {'a': 1}", /`jsonb_build_object/],
  ['select 7 // 2', /write `\/`/],
  ["select name from orders where name == 'a'", /write `=`/],
  ["select try_cast('x' as int)", /no `try_cast`/],
  ['create or replace table t as select 1', /no `create or replace table`/],
  ["select * from 'x.csv'", /reads no files/],
  ['select * from orders using sample 10', /tablesample/],
  ['select interval 1 day', /`interval '1 day'`/],
  ['select `name` from orders', /double quotes/],
  ['select order from orders', /`order` is a reserved word/],
  ['select order_id, user.name from orders', /`user` is a reserved word/],
  ['insert into items by name select 1 as item_id', /no `insert … by name`/],
  ['summarize orders', /no such statement/],
]

describe('SQL of other engines', () => {
  for (const [sql, hint] of foreign) {
    it(sql, async () => {
      expect((await faultOf(sql)).hint).toMatch(hint)
    })
  }
})

describe('sessions', () => {
  it('tells a statement timeout from a cancelled statement', async () => {
    const one = await database.connect()
    await one.query("set statement_timeout = '20ms'")
    expect(await said('select pg_sleep(30)', one)).toMatch(
      /^the statement took longer than it may \/ raise `statement_t/,
    )
    await one.query('set statement_timeout = 0')
    const { rows } = await one.query('select pg_backend_pid() as pid')
    const running = faultOf('select pg_sleep(30)', one)
    await asleep(rows[0].pid)
    await database.sql(`select pg_cancel_backend(${rows[0].pid})`)
    expect(await running).toMatchObject({ kind: 'interrupted' })
  })

  it('knows a lock that was not had in time', async () => {
    const [one, two] = [await database.connect(), await database.connect()]
    await one.query('begin; lock table items')
    await two.query("set lock_timeout = '20ms'")
    expect(await faultOf('select * from items', two)).toMatchObject({ kind: 'lock-timeout' })
    expect(await faultOf('alter table items add column x int', two)).toMatchObject({ kind: 'lock-timeout' })
    await one.query('rollback')
  })

  it('knows a deadlock', async () => {
    const [one, two] = [await database.connect(), await database.connect()]
    for (const c of [one, two]) await c.query("set deadlock_timeout = '10ms'; begin")
    await one.query('lock table items')
    await two.query('lock table orders')
    const results = await Promise.allSettled([one.query('lock table orders'), two.query('lock table items')])
    const [failed] = results.flatMap((r) => (r.status === 'rejected' ? [postgresFault(r.reason)] : []))
    expect(failed).toMatchObject({ kind: 'deadlock' })
    expect(faultWords(failed!).message).toBe(
      'this statement and another session waited for each other, and the engine ended this one',
    )
    expect(failed!.notes?.join(' ')).toMatch(/Process \d+ waits for/)
    for (const c of [one, two]) await c.query('rollback')
  })

  it('knows two updates that exclude each other', async () => {
    const [one, two] = [await database.connect(), await database.connect()]
    for (const c of [one, two]) {
      await c.query('begin isolation level repeatable read')
      await c.query('select * from orders')
    }
    await one.query("update orders set name = 'x'; commit")
    expect(await faultOf("update orders set name = 'y'", two)).toMatchObject({ kind: 'serialization' })
    await two.query('rollback')
  })

  it('knows a connection that may only read', async () => {
    const one = await database.connect()
    await one.query('set default_transaction_read_only = on')
    expect(await said('create table t (a int)', one)).toMatch(
      /^this connection may only read \/ connect to the primary/,
    )
  })

  it('names the right that is missing', async () => {
    const role = `reader_${database.target.dbname}`
    const one = await database.connect()
    await one.query(`create role ${role}; create schema inner_room; create table inner_room.t (a int)`)
    try {
      await one.query(`set role ${role}`)
      expect(await said('select * from inner_room.t', one)).toBe(
        'the role of the connection lacks a right on the schema `inner_room` / its owner can give it, for example with `grant usage, create on schema inner_room to …`; or set `role` of the target',
      )
      expect(await said('select * from orders', one)).toBe(
        'the role of the connection lacks a right on the table `orders` / its owner can give it, for example with `grant select on orders to …`; or set `role` of the target',
      )
      expect(await said('delete from orders', one)).toContain('`grant delete on orders to …`')
      expect(await said('drop table orders', one)).toMatch(/^only the owner of the table `orders` may do this/)
    } finally {
      await one.query(`reset role; drop schema inner_room cascade; drop role ${role}`)
    }
  })

  it('knows a connection that the server ended', async () => {
    const one = new pg.Client({ ...inject('postgres'), database: database.target.dbname })
    one.on('error', () => {})
    await one.connect()
    const { rows } = await one.query('select pg_backend_pid() as pid')
    const running = errorOf('select pg_sleep(30)', one)
    await asleep(rows[0].pid)
    await database.sql(`select pg_terminate_backend(${rows[0].pid})`)
    const ended = await running
    expect(isConnectionLost(ended)).toBe(true)
    expect(postgresFault(ended)).toMatchObject({
      kind: 'connection',
      message: 'the server ended the connection: it shuts down, or an administrator did it',
    })
    const after = await errorOf('select 1', one)
    expect(isConnectionLost(after)).toBe(true)
    expect(postgresFault(after).message).toBe('the connection to the server was lost')
    expect(isConnectionLost(await errorOf('select nope'))).toBe(false)
  })
})

/** Resolves when a session runs a statement. */
async function asleep(pid: number): Promise<void> {
  for (;;) {
    const [row] = await database.sql(`select wait_event from pg_stat_activity where pid = ${pid}`)
    if (row?.['wait_event'] === 'PgSleep') return
  }
}
