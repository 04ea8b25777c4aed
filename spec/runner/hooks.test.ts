import { beforeEach, describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  beforeEach(async () => {
    await w.execute('create sequence main.seq', 'create table main.log (n integer, what varchar)')
  })

  const say = (what: string) => `insert into main.log select nextval('main.seq'), '${what}'`
  const said = async () => (await w.rows('select what from main.log order by n')).map((r) => r[0])

  describe('hooks of a node', () => {
    it('run around it, inside and outside the transaction, in order', async () => {
      w.model('t', 'table', 'select 1 as id', {
        hooks: {
          pre: [{ sql: say('inside before') }, { sql: say('outside before'), transaction: false }],
          post: [
            { sql: say('outside after'), transaction: false },
            { sql: (n) => `insert into main.log select nextval('main.seq'), 'rows ' || count(*) from ${n.this}` },
          ],
        },
      })
      expect((await w.run()).status('t')).toBe('success')
      expect(await said()).toEqual(['outside before', 'inside before', 'rows 1', 'outside after'])
    })

    it('a failing post-hook keeps the old table', async () => {
      await w.model('t', 'table', 'select 1 as id').run()
      w.reset().model('t', 'table', 'select 2 as id', {
        hooks: { pre: [{ sql: say('before') }], post: [{ sql: 'select nope' }] },
      })
      const results = await w.run()
      expect(results.of('t').diagnostics[0]).toMatchObject({ code: 'db/column-missing' })
      expect(await w.rows('select id from main.t')).toEqual([[1]])
      expect(await said()).toEqual([])
    })

    it('are rolled back with a failing test', async () => {
      w.model('t', 'table', 'select null as id', { hooks: { post: [{ sql: say('after') }] } }).test(
        'not_null',
        't',
        'id',
      )
      expect((await w.run()).status('t')).toBe('error')
      expect(await said()).toEqual([])
    })

    it('outside and failing: the data is published, the node is an error', async () => {
      w.model('t', 'table', 'select 1 as id', { hooks: { post: [{ sql: 'select nope', transaction: false }] } })
      w.model('child', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      const results = await w.run()
      expect(results.status('child')).toBe('skipped')
      expect(results.of('t').message).toMatch(/^published, but /)
      expect(results.status('t')).toBe('error')
      expect(await w.rows('select id from main.t')).toEqual([[1]])
    })
  })

  describe('on-run-start and on-run-end', () => {
    it('run before and after, and the end sees every result', async () => {
      w.operation('on-run-start', 'start', say('start')).operation('on-run-end', 'end', say('end $results'))
      w.model('t', 'table', 'select 1 as id').test('not_null', 't', 'id')
      const results = await w.run()
      expect(results.all.map((r) => r.uniqueId.split('.')[2])).toEqual(['start', 'not_null_t_id', 't', 'end'])
      expect(await said()).toEqual(['start', 'end 3'])
    })

    it('a failing start skips everything but the end', async () => {
      w.operation('on-run-start', 'bad', 'select nope').operation('on-run-start', 'later', say('later'))
      w.operation('on-run-end', 'end', say('end')).model('t', 'table', 'select 1 as id')
      const results = await w.run()
      expect(results.statuses).toEqual({ bad: 'error', t: 'skipped', end: 'success' })
      expect(await said()).toEqual(['end'])
    })

    it('do not run when nothing is selected', async () => {
      w.operation('on-run-start', 'start', say('start')).model('t', 'table', 'select 1 as id')
      expect((await w.run({ only: [] })).all).toEqual([])
      expect(await said()).toEqual([])
    })
  })

  describe('the warehouse before a run', () => {
    it('makes schemas and drops what a killed run left', async () => {
      await w.execute(
        'create table main.t__tsdbt_deadbeef as select 1',
        'create view main.v__tsdbt_deadbeef as select 1',
      )
      await w.model('t', 'table', 'select 1 as id').run()
      expect(await w.strays()).toEqual([])
    })
  })
})
