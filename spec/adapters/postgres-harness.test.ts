import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'

let db: PostgresDatabase
beforeAll(async () => {
  db = await postgresDatabase()
})
afterAll(() => db.drop())

it('sorts and folds text as DuckDB does', async () => {
  const rows = await db.sql(
    `create table t (x text); insert into t values ('é'), ('Z'), ('a'), ('É'); select x, lower(x) as l from t order by x`,
  )
  expect(rows).toEqual([
    { x: 'Z', l: 'z' },
    { x: 'a', l: 'a' },
    { x: 'É', l: 'é' },
    { x: 'é', l: 'é' },
  ])
})
