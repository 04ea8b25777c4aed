import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseError } from '../../src/base/errors.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { type Replacing, refusal, replacing } from './replacing.ts'

const REBUILDS = 50
const ROWS = 500

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

const generation = (number: number) => `select ${number} as generation, x from generate_series(1, ${ROWS}) x`

async function published(number = 0): Promise<Replacing> {
  const run = await replacing(database)
  await run.sql(`create table t as ${generation(number)}; create view v as select generation from t;
    create view w as select generation from v`)
  return run
}

/** As a run does it: when a lock is not had in time, once more. */
async function replaceWith(run: Replacing, number: number, method: 'in_place' | 'swap'): Promise<void> {
  const replacement = await run.replacement.prepareReplacement(await run.stage('t', generation(number), { method }))
  for (;;) {
    try {
      await run.publish(replacement)
      return
    } catch (error) {
      if (!(error instanceof DatabaseError && error.fault.kind === 'lock-timeout')) throw error
    }
  }
}

interface Reader {
  readonly what: string
  readonly isolation: 'read committed' | 'repeatable read'
  readonly transaction: boolean
  readonly relation: 't' | 'v' | 'w'
}

const readers: readonly Reader[] = (['t', 'v', 'w'] as const).flatMap((relation) =>
  (['read committed', 'repeatable read'] as const).flatMap((isolation) =>
    [false, true].map((transaction) => ({
      what: `${relation}, ${isolation}${transaction ? ', in a transaction' : ''}`,
      ...{ isolation, transaction, relation },
    })),
  ),
)

/** Reads until it is told to stop; what it saw, as text, is the same for all complete sets of rows. */
async function readOn(client: pg.Client, reader: Reader, schema: string, stop: { now: boolean }): Promise<Set<string>> {
  const { isolation, transaction, relation } = reader
  const seen = new Set<string>()
  const query = `select count(*)::int as rows, count(distinct generation)::int as generations from ${schema}.${relation}`
  const read = async () => {
    const { rows } = await client.query(query)
    seen.add(`${rows[0].rows} rows of ${rows[0].generations}`)
  }
  await client.query(`set default_transaction_isolation = '${isolation}'`)
  while (!stop.now) {
    if (!transaction) await read()
    else {
      await client.query('begin')
      await read()
      await read()
      await client.query('commit')
    }
  }
  return seen
}

const COMPLETE = `${ROWS} rows of 1`
/** What an old snapshot sees of a table that is younger. */
const EMPTY = '0 rows of 0'

describe(`readers during ${REBUILDS} rebuilds`, () => {
  it.each(['in_place', 'swap'] as const)(
    'by %s see complete old or complete new rows, never an error',
    async (method) => {
      const run = await published()
      const stop = { now: false }
      const reading = readers.map(async (reader) => {
        const seen = await readOn(await run.connect(), reader, run.schema, stop)
        return [reader, seen] as const
      })
      try {
        for (let number = 1; number <= REBUILDS; number++) await replaceWith(run, number, method)
      } finally {
        stop.now = true
      }
      for (const [reader, seen] of await Promise.all(reading)) {
        if (method === 'swap' && reader.isolation === 'repeatable read') seen.delete(EMPTY)
        expect({ reader: reader.what, seen: [...seen] }).toEqual({ reader: reader.what, seen: [COMPLETE] })
      }
      expect(await run.sql('select distinct generation from w')).toEqual([{ generation: REBUILDS }])
    },
  )

  it.each([
    ['in_place', ROWS],
    ['swap', 0],
  ] as const)('by %s: a snapshot that is older than the new rows sees %i rows', async (method, rows) => {
    const run = await published()
    const reader = await run.connect()
    await reader.query('begin isolation level repeatable read; select 1')
    await replaceWith(run, 1, method)
    const { rows: found } = await reader.query(`select count(*)::int as rows from ${run.schema}.t`)
    expect(found).toEqual([{ rows }])
    await reader.query('commit')
    expect((await reader.query(`select distinct generation from ${run.schema}.t`)).rows).toEqual([{ generation: 1 }])
  })
})

describe('a swap that has to wait', () => {
  /** Resolves when somebody waits for a lock of the relation. */
  async function waitedFor(run: Replacing, relation: string): Promise<void> {
    const query = `select from pg_locks where relation = '${run.schema}.${relation}'::regclass and not granted`
    while ((await run.sql(query)).length === 0);
  }

  it('gives up, so that later readers pass while an early one is still there', async () => {
    const run = await published()
    const early = await run.connect()
    await early.query(`begin; select from ${run.schema}.w limit 1`)
    const replacement = await run.replacement.prepareReplacement(
      await run.stage('t', generation(1), { method: 'swap' }),
    )
    const publishing = refusal(run.publish(replacement))
    await waitedFor(run, 'v')
    const late = await run.connect()
    expect((await late.query(`select distinct generation from ${run.schema}.w`)).rows).toEqual([{ generation: 0 }])
    expect(await publishing).toMatch(/^lock-timeout: /)
    await early.query('commit')
    await run.publish(replacement)
    expect((await late.query(`select distinct generation from ${run.schema}.w`)).rows).toEqual([{ generation: 1 }])
  })

  it('lets go of a view before its reader, who has the table, is thrown out as a deadlock', async () => {
    const run = await published()
    const reader = await run.connect()
    await reader.query(`begin; select from ${run.schema}.t limit 1`)
    const replacement = await run.replacement.prepareReplacement(
      await run.stage('t', generation(1), { method: 'swap' }),
    )
    const publishing = refusal(run.publish(replacement))
    await waitedFor(run, 't')
    expect((await reader.query(`select distinct generation from ${run.schema}.v`)).rows).toEqual([{ generation: 0 }])
    expect(await publishing).toMatch(/^lock-timeout: /)
    await reader.query('commit')
    await run.publish(replacement)
    expect(await run.sql('select distinct generation from v')).toEqual([{ generation: 1 }])
  })
})
