import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { replacing } from './replacing.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

describe('publishing a table', () => {
  it('renames it where nothing stands', async () => {
    const run = await replacing(database)
    const { how } = await run.replace('t', 'select 1 as a', { existing: null })
    expect(how).toBe('create')
    expect(await run.sql('select * from t')).toEqual([{ a: 1 }])
    expect(await run.sql(`select relname from pg_class where relnamespace = '${run.schema}'::regnamespace`)).toEqual([
      { relname: 't' },
    ])
  })

  it.each(['in_place', 'swap', 'auto'] as const)('replaces rows by %s under views', async (method) => {
    const run = await replacing(database)
    await run.sql(
      'create table t as select 1 as a, 2 as b; create view v as select a from t; create view w as select * from v',
    )
    const { how, why } = await run.replace('t', 'select 3 as b, 4 as a', { method })
    expect(how).toBe(method === 'auto' ? 'in_place' : method)
    expect(why).toBe(method === 'auto' ? 'same columns, 8 kB' : `forced by \`replace: ${method}\``)
    expect(await run.sql('select a, b from t')).toEqual([{ a: 4, b: 3 }])
    expect(await run.sql('select * from w')).toEqual([{ a: 4 }])
  })

  it('swaps when columns change', async () => {
    const run = await replacing(database)
    await run.sql('create table t as select 1 as a, 2 as b; create view v as select a from t')
    const { how, why } = await run.replace('t', `select 4::bigint as a, 'x' as c`)
    expect({ how, why }).toEqual({ how: 'swap', why: 'columns changed: +c, -b, a: integer -> bigint' })
    expect(await run.sql('select * from v')).toEqual([{ a: '4' }])
  })
})

describe('replacing a view', () => {
  it('makes, replaces and reshapes it under what reads it', async () => {
    const run = await replacing(database)
    await run.replaceView('v', 'select 1 as a', null)
    await run.replaceView('v', 'select 2 as a, 3 as b')
    await run.sql('create view w as select a from v')
    await run.replaceView('v', `select 'x' as b, 5 as a`)
    expect(await run.sql('select * from v, w')).toEqual([{ a: 5, b: 'x' }])
  })
})
