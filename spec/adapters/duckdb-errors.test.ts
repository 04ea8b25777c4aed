import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/adapters/adapter.ts'
import { faultDiagnosticKind } from '../../src/adapters/errors.ts'
import { DatabaseError, type DatabaseFault } from '../../src/base/errors.ts'
import { openSession, openTarget, temporaryFolder } from './open.ts'

async function ordersSession(): Promise<Session> {
  const session = await openSession()
  await session.execute('create table orders (order_id int primary key, amount decimal(10, 2), name varchar)')
  await session.execute("insert into orders values (1, 2.50, 'a')")
  return session
}

async function faultOf(session: Session, sql: string): Promise<DatabaseFault> {
  const error = await session.query(sql).catch((e: unknown) => e)
  if (!(error instanceof DatabaseError)) throw new Error(`no DatabaseError for ${sql}: ${String(error)}`)
  expect(error.fault.sql).toBe(sql)
  return error.fault
}

/** Statement, kind, the text that the fault points at (undefined: nothing), and the name it gives. */
const cases: readonly (readonly [sql: string, kind: string, at: string | undefined, name?: string])[] = [
  ["select 'é🎉', ordr_id from orders", 'column-missing', 'ordr_id', 'ordr_id'],
  ["select 'é🎉' as x, o.ordr_id from orders o", 'column-missing', 'o.ordr_id', 'ordr_id'],
  ["/* é🎉 */ select 'é🎉' as x, from from orders", 'syntax', 'from'],
  ["select 'é🎉\n', (1", 'syntax', '1'],
  ["select 'é🎉', 'open", 'syntax', "'open"],
  ["select 'é🎉' from ordrs", 'table-missing', 'ordrs', 'ordrs'],
  ['insert into ordrs values (1)', 'table-missing', 'ordrs', 'ordrs'],
  ['select x.name from orders o', 'table-missing', 'x.name', 'x'],
  ['select * from absent.orders', 'schema-missing', 'absent.orders', 'absent'],
  ['select * from absent.main.orders', 'schema-missing', 'absent', 'absent'],
  ["select 'é🎉', lenght(name) from orders", 'function-missing', 'lenght', 'lenght'],
  ["select 'é🎉', lower(order_id, 1) from orders", 'type', 'lower'],
  ["select 'é🎉', amount + name from orders", 'type', '+'],
  ["select 'é🎉', name::int from orders", 'conversion', '::'],
  ["select 'é🎉', cast('x' as date)", 'conversion', 'cast'],
  ["select 'é🎉' = order_id from orders", 'conversion', "'é🎉'"],
  ["insert into orders values (1, 1, 'b')", 'constraint', undefined],
  ['create table orders (a int)', 'exists', 'orders'],
  ["select 'é🎉', name, sum(amount) from orders", 'grouping', 'name'],
  ['select name from orders where sum(amount) > 1', 'grouping', 'sum'],
  ['select name from orders a join orders b using (order_id)', 'ambiguous', 'name', 'name'],
  ['select * exclude (nam) from orders', 'column-missing', 'nam', 'nam'],
  ['select 9223372036854775807 + range from range(3)', 'range', undefined],
  ["select * from read_csv('/absent/file.csv')", 'file', 'read_csv'],
  ["select error('boom')", 'other', undefined],
]

describe('faults', () => {
  for (const [sql, kind, at, name] of cases) {
    it(`${kind}: ${sql.replaceAll('\n', '\\n')}`, async () => {
      const fault = await faultOf(await ordersSession(), sql)
      expect(fault.kind).toBe(kind)
      const text = fault.offset === undefined ? undefined : sql.slice(fault.offset, fault.offset + fault.length!)
      expect(text).toBe(at)
      if (name !== undefined) expect(fault.name).toBe(name)
      expect(fault.message).not.toMatch(/exception_type|Candidate|Did you mean|Error: /)
      expect(fault.message).not.toBe('')
    })
  }

  it('offers names that exist', async () => {
    const session = await ordersSession()
    const missing = await faultOf(session, 'select ordr_id from orders')
    expect(missing.candidates).toContain('order_id')
    expect(faultDiagnosticKind(missing)(missing).hints).toEqual(['did you mean `order_id`?'])
    expect((await faultOf(session, 'select orders.amout from orders')).candidates?.[0]).toBe('amount')
    expect((await faultOf(session, 'from ordrs')).candidates).toEqual(['orders'])
    expect((await faultOf(session, "select 'a' + amount + interval 1 day from orders")).candidates).toBeUndefined()
  })

  it('does not take a position inside a view for one in the statement', async () => {
    const session = await ordersSession()
    await session.execute('create view v as select order_id, name, amount from orders')
    await session.execute('alter table orders rename column name to title')
    const fault = await faultOf(session, 'select count(*) as n, 1 as a, 2 as b from v')
    expect(fault).toMatchObject({ kind: 'column-missing', name: 'name' })
    expect(fault.offset).toBeUndefined()
    await session.execute('create view w as select 1 as n, 2 as m, cast(title as date) as day from orders')
    const value = await faultOf(session, 'select day, count(*) as how_many, min(n), 1, 2 from w group by day')
    expect(value.kind).toBe('conversion')
    expect(value.offset).toBeUndefined()
  })

  it('places a value that does not fit at the column that is cast by itself', async () => {
    const sql = 'select 1 from orders where name in (1, 2)'
    expect(await faultOf(await ordersSession(), sql)).toMatchObject({ kind: 'conversion', offset: sql.indexOf('name') })
  })

  it('shows what a function takes that is called otherwise', async () => {
    const session = await ordersSession()
    await session.execute('create macro share(part, whole) as part / whole')
    const fault = await faultOf(session, 'select share(1) from orders')
    expect(fault.kind).toBe('type')
    expect(fault.message).toMatch(
      /^Macro share\(\) does not support the supplied arguments\.\s.*share\(part, whole\)$/s,
    )
  })

  it('knows a full memory and a full disk', async () => {
    const session = await (await openTarget({ settings: { memory_limit: '20MB', temp_directory: '' } })).acquire()
    const sort =
      'select count(*) from (select range, random()::varchar as b from range(3000000) order by b limit 2999999)'
    const memory = await faultOf(session, sort)
    expect(memory.kind).toBe('out-of-memory')
    expect(memory.message).not.toContain('duckdb.org')
    const settings = { memory_limit: '30MB', temp_directory: temporaryFolder(), max_temp_directory_size: '1MB' }
    const small = await (await openTarget({ settings })).acquire()
    expect((await faultOf(small, sort)).kind).toBe('disk-full')
  })
})
