import { describe, expect, it } from 'vitest'
import type { NodeConfig } from '../../src/config/node-config.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  /** Ten rows, two of them null, one value twice. */
  const ten = 'select * from (values (1), (2), (3), (4), (5), (6), (7), (7), (null), (null)) as t(id)'

  async function verdict(config: Partial<NodeConfig>, type = 'not_null') {
    const results = await w.reset().model('t', 'table', ten).test(type, 't', 'id', config).run()
    const { status, failures, message } = results.of(`${type}_t_id`)
    return { status, failures, message, published: results.status('t') === 'success' }
  }

  describe('verdicts', () => {
    it('fails with dbt’s message', async () => {
      expect(await verdict({})).toEqual({
        status: 'fail',
        failures: 2,
        message: 'Got 2 results, configured to fail if != 0',
        published: false,
      })
    })

    const cases: readonly (readonly [string, Partial<NodeConfig>, string, number])[] = [
      ['severity warn', { severity: 'warn' }, 'warn', 2],
      ['severity warn ignores error_if', { severity: 'warn', error_if: '> 1' }, 'warn', 2],
      ['error_if met', { error_if: '> 1', warn_if: '> 0' }, 'fail', 2],
      ['only warn_if met', { error_if: '> 2', warn_if: '> 0' }, 'warn', 2],
      ['none met: failures 0', { error_if: '> 2', warn_if: '> 2' }, 'pass', 0],
      ['between', { error_if: 'between 2 and 3' }, 'fail', 2],
      ['share of the rows met', { error_if: '>= 20%', warn_if: '> 50%' }, 'fail', 2],
      ['share of the rows not met', { error_if: '> 20%', warn_if: '> 20%' }, 'pass', 0],
      ['share of the rows that `where` leaves', { where: 'id is null or id > 5', error_if: '>= 40%' }, 'fail', 2],
      ['where', { where: 'id is not null' }, 'pass', 0],
      ['limit', { limit: 1 }, 'fail', 1],
      ['fail_calc', { fail_calc: 'count(*) * 10' }, 'fail', 20],
    ]
    for (const [name, config, status, failures] of cases) {
      it(name, async () => {
        expect(await verdict(config)).toMatchObject({ status, failures, published: status !== 'fail' })
      })
    }

    it('counts values that occur twice, as dbt does', async () => {
      expect(await verdict({}, 'unique')).toMatchObject({ status: 'fail', failures: 1 })
    })

    it('refuses a null fail_calc', async () => {
      expect(await verdict({ fail_calc: 'sum(id)' })).toMatchObject({ status: 'error', published: false })
    })

    it('refuses a threshold that cannot be read before anything runs', async () => {
      await expect(verdict({ warn_if: 'many' })).rejects.toMatchObject({ diagnostics: [{ code: 'run/bad-threshold' }] })
      expect(await w.relations()).toEqual([])
    })

    it('shows three rows, the tested column first, the place of the declaration and the compiled file', async () => {
      const results = await w
        .model('t', 'table', 'select id, null as x from generate_series(0, 8) as g(id)')
        .test('not_null', 't', 'x')
        .run()
      const [diagnostic] = results.of('not_null').diagnostics
      expect(diagnostic).toMatchObject({
        code: 'run/test-failed',
        severity: 'error',
        span: { path: 'models/models.yml' },
        see: 'target/compiled/shop/models/models.yml',
        rows: { columns: ['x', 'id'] },
      })
      expect(diagnostic!.rows!.rows).toHaveLength(3)
      expect(diagnostic!.rows!.rows[0]).toEqual([null, '0'])
    })
  })

  describe('shared scan', () => {
    const statements = () => w.events.flatMap((e) => (e.type === 'statement.finished' ? [e.sql] : []))

    it('answers the simple tests of a relation in one statement', async () => {
      w.model('t', 'table', "select id, 'a' as kind from generate_series(0, 4) as g(id)")
      w.test('unique', 't', 'id').test('not_null', 't', 'id').test('not_null', 't', 'kind')
      w.test('accepted_values', 't', 'kind', {}, { values: ['a', "it's"] })
      const results = await w.run()
      expect(Object.values(results.statuses)).toEqual(['pass', 'pass', 'pass', 'pass', 'success'])
      expect(statements()).toHaveLength(2)
    })

    it('runs exactly those that it found guilty, and keeps other `where`s apart', async () => {
      w.model('t', 'table', "select * from (values (1, 'a'), (2, 'b'), (null, null)) as t(id, kind)")
      w.test('unique', 't', 'id').test('not_null', 't', 'id', { where: 'kind is not null' })
      w.test('accepted_values', 't', 'kind', {}, { values: ['a'] })
      const results = await w.run()
      expect(results.statuses).toMatchObject({
        unique_t_id: 'pass',
        not_null_t_id: 'pass',
        accepted_values_t_kind: 'fail',
      })
      expect(results.of('accepted_values').diagnostics[0]!.rows).toEqual({ columns: ['kind', 'n'], rows: [['b', '1']] })
    })

    it('leaves a test with the same name as a built-in but another definition alone', async () => {
      w.model('t', 'table', 'select null as id').singularTest('own', ['t'], () => 'select 1 where false')
      expect((await w.run()).statuses).toEqual({ own: 'pass', t: 'success' })
    })
  })

  describe('store_failures', () => {
    const stored = (name = 'not_null_t_id') => w.rows(`select * from main_dbt_test__audit.${name}`)
    const typesOf = async (identifier: string) => {
      const session = await w.adapter.acquire()
      const relation = { database: w.database.name, schema: 'main_dbt_test__audit', identifier }
      const columns = await session.columnsOf(relation)
      await session.release()
      return Object.fromEntries(columns.map((c) => [c.name, c.type]))
    }
    const kinds = async () => (await w.relations('main_dbt_test__audit')).map((name) => name.split(' ')[0])

    it('keeps the rows although the transaction is rolled back', async () => {
      const sql =
        "select null::integer as id, 'it''s' as t, array[1, 2] as l, 1.50::decimal(5,2) as d, timestamp '2020-01-02 03:04:05' as at"
      w.model('t', 'table', sql).test('not_null', 't', 'id', { store_failures: true })
      const results = await w.run()
      expect(results.status('t')).toBe('error')
      expect(await stored()).toEqual([[null, "it's", [1, 2], '1.50', '2020-01-02 03:04:05']])
      expect((await typesOf('not_null_t_id'))['d']).toMatch(/^(DECIMAL|numeric)\(5,2\)$/)
    })

    it('keeps the rows of staged members, too', async () => {
      w.model('a', 'table', 'select null::integer as id').model('t', 'table', (n) => `select id from ${n.ref('a')}`, {
        reads: ['a'],
      })
      w.test('not_null', 't', 'id')
      const results = await w.run({ wholeRun: true, storeFailures: true })
      expect(results.statuses).toMatchObject({ a: 'error', t: 'error' })
      expect(await stored()).toEqual([[null]])
      expect(await w.strays()).toEqual([])
    })

    it('makes an empty relation for a passing test, as table or view', async () => {
      const project = (config: Partial<NodeConfig>) =>
        w.reset().model('t', 'table', 'select 1 as id').test('not_null', 't', 'id', config)
      await project({ store_failures: true }).run()
      expect([await stored(), await kinds()]).toEqual([[], ['table']])
      await project({ store_failures_as: 'view' }).run()
      expect([await stored(), await kinds()]).toEqual([[], ['view']])
      await project({ store_failures: true, store_failures_as: 'ephemeral' }).run()
      expect(await kinds()).toEqual(['view'])
    })

    it('stores what a test without a build finds', async () => {
      await w.execute('create table main.t as select null as id')
      w.model('t', 'table', 'select 1 as id').test('not_null', 't', 'id', { store_failures_as: 'view' })
      expect((await w.run({ only: ['not_null_t_id'] })).status('not_null')).toBe('fail')
      expect([await stored(), await kinds()]).toEqual([[[null]], ['view']])
    })
  })
})
