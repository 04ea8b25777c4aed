import { describe, expect, it } from 'vitest'
import type { NodeConfig, RetriesConfig } from '../../src/config/node-config.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  /** Takes minutes if nobody stops it. */
  const endless = `select count(*) as id from ${['a', 'b', 'c'].map((t) => `generate_series(1, 100000) as ${t}(n)`).join(', ')} where a.n + b.n + c.n = -1`
  const ids = async (name: string) => (await w.rows(`select id from main.${name} order by id`)).map((r) => r[0])
  const retried = () => w.events.flatMap((e) => (e.type === 'node.retried' ? [e.name] : []))

  describe('timeout', () => {
    const config: Partial<NodeConfig> = { timeout: '300ms' }

    it('stops the one node with an error, and the others go on', async () => {
      await w.model('slow', 'table', 'select 1 as id').run()
      w.reset().model('slow', 'table', endless, { config }).test('not_null', 'slow', 'id')
      w.model('next', 'table', (n) => `select id from ${n.ref('slow')}`, { reads: ['slow'] })
      w.model('other', 'table', 'select 2 as id', { config }).test('not_null', 'other', 'id', config)
      // On the one connection there is, so that a late interruption would meet its neighbours.
      const results = await w.run({ threads: 1 })
      expect(results.statuses).toEqual({
        slow: 'error',
        not_null_slow_id: 'skipped',
        next: 'skipped',
        other: 'success',
        not_null_other_id: 'pass',
      })
      expect(results.of('slow').message).toBe('`slow` was stopped: it ran longer than its `timeout` of 300ms')
      expect(results.of('slow').diagnostics.map((d) => d.code)).toEqual(['run/timeout'])
      expect(results.cancelled).toBe(false)
      expect(await ids('slow')).toEqual([1])
      expect(await w.strays()).toEqual([])
    })

    it('rolls back what changes rows in place', async () => {
      const sql = (n: { incremental: boolean }) => (n.incremental ? endless : 'select 1::bigint as id')
      const model = () => w.reset().model('t', 'incremental', sql, { config }).test('not_null', 't', 'id')
      expect((await model().run()).status('t')).toBe('success')
      expect((await model().run()).statuses).toEqual({ t: 'error', not_null_t_id: 'skipped' })
      expect(await ids('t')).toEqual([1])
      expect(await w.strays()).toEqual([])
    })

    it('counts for a test, which then could not run', async () => {
      w.model('t', 'table', 'select 1 as id').singularTest('slow', ['t'], endless, config)
      const results = await w.run()
      expect(results.statuses).toEqual({ t: 'error', slow: 'error' })
      expect(results.of('slow').diagnostics.map((d) => d.code)).toEqual(['run/timeout'])
      expect(await w.relations()).toEqual([])
    })

    it('stops a hook, and what is published stays', async () => {
      const post = [{ sql: endless, transaction: false }]
      const results = await w.model('t', 'table', 'select 1 as id', { config, hooks: { post } }).run()
      expect(results.of('t').message).toMatch(/^published, but `t` was stopped/)
      expect(await ids('t')).toEqual([1])
    })
  })

  describe('retries', () => {
    const config = (retries: RetriesConfig, more: Partial<NodeConfig> = {}) => ({ config: { ...more, retries } })
    /** Fails twice, then gives a row: a sequence goes on although its statement failed. */
    const thirdTime = `select cast(case when nextval('main.turns') < 3 then 'x' else '1' end as integer) as id`
    const begin = () => w.execute('create sequence main.turns')

    it('try again what may pass, as often as they say', async () => {
      const slow = config({ attempts: 2, delay: '1ms', on: 'transient' }, { timeout: '200ms' })
      w.model('t', 'table', endless, slow).model('u', 'table', 'select 1 as id', slow)
      expect((await w.run()).statuses).toEqual({ t: 'error', u: 'success' })
      expect(retried()).toEqual(['t', 't'])
      expect(await w.relations()).toEqual(['table u'])
    })

    it.each(['table', 'view', 'incremental'])(
      'of a %s leave alone what will not pass, unless they say `any`',
      async (kind) => {
        await begin()
        const sql = kind === 'view' ? 'select 1 as id' : thirdTime
        const hooks = kind === 'view' ? { pre: [{ sql: thirdTime }] } : {}
        const model = (retries: RetriesConfig) =>
          w
            .reset()
            .model('t', kind, sql, { ...config(retries), hooks })
            .test('not_null', 't', 'id')
        expect((await model({ attempts: 3, delay: 0, on: 'transient' }).run()).status('t')).toBe('error')
        expect(retried()).toEqual([])
        expect((await model({ attempts: 1, delay: 0, on: 'any' }).run()).statuses).toEqual({
          t: 'success',
          not_null_t_id: 'pass',
        })
        expect(retried()).toEqual(['t'])
        expect(await ids('t')).toEqual([1])
        expect(await w.strays()).toEqual([])
      },
    )

    it('hold for several that are published together', async () => {
      await begin()
      w.model('t', 'table', thirdTime, config({ attempts: 2, delay: 0, on: 'any' })).model(
        'u',
        'table',
        'select 2 as id',
      )
      expect((await w.run({ wholeRun: true })).statuses).toEqual({ t: 'success', u: 'success' })
      expect(retried()).toEqual(['t', 't'])
    })

    it('do not repeat a failing test', async () => {
      w.model('t', 'table', 'select cast(null as integer) as id', config({ attempts: 3, delay: 0, on: 'any' })).test(
        'not_null',
        't',
        'id',
      )
      expect((await w.run()).statuses).toEqual({ t: 'error', not_null_t_id: 'fail' })
      expect(retried()).toEqual([])
    })
  })

  describe('on_error: continue', () => {
    const going = { config: { on_error: 'continue' as const } }
    const child = (reads: readonly string[]) => (n: { ref(name: string): string }) =>
      reads.map((name) => `select id from ${n.ref(name)}`).join(' union all ')

    it('builds children from the rows of an earlier run', async () => {
      await w.model('parent', 'table', 'select 1 as id').run()
      w.reset().model('parent', 'table', 'select missing as id', going)
      w.model('child', 'table', child(['parent']), { reads: ['parent'] }).test('not_null', 'child', 'id')
      w.model('grandchild', 'view', child(['child']), { reads: ['child'] })
      expect((await w.run()).statuses).toEqual({
        parent: 'error',
        child: 'success',
        not_null_child_id: 'pass',
        grandchild: 'success',
      })
      expect(await ids('grandchild')).toEqual([1])
      expect(w.events.flatMap((e) => (e.type === 'message' ? [e.text] : []))).toEqual([
        '`child` goes on with the earlier rows of `parent`, which failed (`on_error: continue`)',
      ])
    })

    it('holds for a failing test as well', async () => {
      await w.model('parent', 'table', 'select 1 as id').run()
      w.reset().model('parent', 'table', 'select cast(null as integer) as id', going).test('not_null', 'parent', 'id')
      w.model('child', 'table', child(['parent']), { reads: ['parent'] })
      expect((await w.run()).statuses).toEqual({ parent: 'error', not_null_parent_id: 'fail', child: 'success' })
      expect(await ids('child')).toEqual([1])
    })

    it('skips children where there are no earlier rows', async () => {
      w.model('parent', 'table', 'select missing as id', going)
      w.model('through', 'ephemeral', child(['parent']), { reads: ['parent'] })
      w.model('child', 'table', child(['parent']), { reads: ['through', 'parent'] })
      const results = await w.run()
      expect(results.statuses).toEqual({ parent: 'error', child: 'skipped' })
      expect(results.of('child').message).toBe(
        'skipped because `parent` failed and `parent` has no rows of an earlier run',
      )
    })

    it('exempts its own edge only', async () => {
      w.model('good', 'table', 'select 1 as id').model('bad', 'table', 'select 2 as id')
      await w.run()
      w.reset().model('good', 'table', 'select missing as id', going).model('bad', 'table', 'select missing as id')
      w.model('both', 'table', child(['good', 'bad']), { reads: ['good', 'bad'] })
      w.model('one', 'table', child(['good']), { reads: ['good'], ...going })
      w.model('below', 'table', child(['both']), { reads: ['both'] })
      const { statuses } = await w.run()
      expect(statuses).toEqual({ good: 'error', bad: 'error', both: 'skipped', below: 'skipped', one: 'success' })
    })

    it('does not reach past a node that was skipped', async () => {
      const project = (sql: string) => {
        w.reset().model('top', 'table', sql)
        w.model('middle', 'table', child(['top']), { reads: ['top'], ...going })
        return w.model('bottom', 'table', child(['middle']), { reads: ['middle'] })
      }
      await project('select 1 as id').run()
      const { statuses } = await project('select missing as id').run()
      expect(statuses).toEqual({ top: 'error', middle: 'skipped', bottom: 'skipped' })
    })

    it('gives way to --fail-fast', async () => {
      await w.model('parent', 'table', 'select 1 as id').run()
      w.reset().model('parent', 'table', 'select missing as id', going)
      w.model('child', 'table', child(['parent']), { reads: ['parent'] })
      expect((await w.run({ failFast: true })).statuses).toEqual({ parent: 'error', child: 'skipped' })
    })
  })
})
