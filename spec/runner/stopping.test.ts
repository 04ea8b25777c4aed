import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/base/events.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  /** Takes minutes if nobody stops it. */
  const endless = `select count(*) as id from ${['a', 'b', 'c'].map((t) => `generate_series(1, 100000) as ${t}(n)`).join(', ')} where a.n + b.n + c.n = -1`

  /** Aborts when an event of this kind comes. */
  function abortOn(when: (event: Event) => boolean): { signal: AbortSignal; emit: (event: Event) => void } {
    const controller = new AbortController()
    const emit = (event: Event) => {
      w.events.push(event)
      if (when(event)) controller.abort()
    }
    return { signal: controller.signal, emit }
  }

  describe('cancelling', () => {
    it('interrupts a statement, keeps the old table, and has a result for every node', async () => {
      await w.model('slow', 'table', 'select 1 as id').run()
      w.reset().model('slow', 'table', endless).test('not_null', 'slow', 'id')
      w.model('next', 'table', (n) => `select id from ${n.ref('slow')}`, { reads: ['slow'] })
      const began = performance.now()
      const results = await w.run(abortOn((e) => e.type === 'node.executing'))
      expect(performance.now() - began).toBeLessThan(20_000)
      expect(results.cancelled).toBe(true)
      expect(results.statuses).toEqual({ slow: 'skipped', not_null_slow_id: 'skipped', next: 'skipped' })
      expect(results.of('slow').message).toBe('cancelled')
      expect(await w.rows('select id from main.slow')).toEqual([[1]])
      expect(await w.strays()).toEqual([])
    })

    it('cleans staged relations of a unit away and publishes none of it', async () => {
      w.model('a', 'table', 'select 1 as id')
      w.model('b', 'table', (n) => `select (select max(id) from ${n.ref('a')}) + (${endless}) as id`, { reads: ['a'] })
      const results = await w.run({
        wholeRun: true,
        ...abortOn((e) => e.type === 'node.executing' && e.node.name === 'b'),
      })
      expect(results.statuses).toEqual({ a: 'skipped', b: 'skipped' })
      expect(await w.relations()).toEqual([])
    })

    it('rolls an incremental merge back', async () => {
      const sql = (n: { incremental: boolean }) => (n.incremental ? endless : 'select 1::bigint as id')
      w.model('t', 'incremental', sql)
      await w.run()
      const results = await w.run(abortOn((e) => e.type === 'node.executing'))
      expect(results.status('t')).toBe('skipped')
      expect(await w.rows('select id from main.t')).toEqual([[1]])
      expect(await w.strays()).toEqual([])
    })

    it('keeps what was published before', async () => {
      w.model('a', 'table', 'select 1 as id')
      w.model('b', 'table', () => endless, { reads: ['a'] })
      const results = await w.run(abortOn((e) => e.type === 'node.executing' && e.node.name === 'b'))
      expect(results.statuses).toEqual({ a: 'success', b: 'skipped' })
    })

    it('does nothing when it is stopped before it began', async () => {
      const results = await w.model('t', 'table', 'select 1 as id').run({ signal: AbortSignal.abort() })
      expect(results.statuses).toEqual({ t: 'skipped' })
      expect(results.cancelled).toBe(true)
    })

    it('at whatever statement: units are new or old as a whole, and results tell which', async () => {
      const project = (k: number) => {
        w.reset()
        for (let i = 0; i < 6; i++) {
          w.model(`t${i}`, 'table', `select id, ${k} as k from generate_series(1, 500) as g(id)`)
          w.model(`u${i}`, 'table', (n) => `select id, k from ${n.ref(`t${i}`)}`, { reads: [`t${i}`] })
          w.model(`v${i}`, 'view', (n) => `select id, k, ${k} as vk from ${n.ref(`u${i}`)}`, { reads: [`u${i}`] })
          w.test('not_null', `v${i}`, 'id')
        }
        return w
      }
      await project(0).run()
      for (let k = 1; k <= 30; k++) {
        let statements = 0
        const wholeRun = k % 2 === 0
        const stop = abortOn((e) => e.type === 'statement.finished' && ++statements === k)
        const results = await project(k).run({ wholeRun, ...stop })
        expect(results.all).toHaveLength(24)
        const fresh = new Set<boolean>()
        for (let i = 0; i < 6; i++) {
          const [row] = await w.rows(`select min(k) = max(k), min(k), min(vk), count(*) from main.v${i}`)
          expect(row).toEqual([true, row![1], row![1], 500])
          const isNew = row![1] === k
          fresh.add(isNew)
          expect(results.status(`v${i}`), `v${i} of run ${k}`).toBe(isNew ? 'success' : 'skipped')
        }
        if (wholeRun) expect(fresh.size).toBe(1)
        expect(await w.strays()).toEqual([])
      }
    })

    it('can run again afterwards', async () => {
      w.model('t', 'table', endless)
      await w.run(abortOn((e) => e.type === 'node.executing'))
      expect((await w.reset().model('t', 'table', 'select 1 as id').run()).status('t')).toBe('success')
    })
  })

  describe('fail-fast', () => {
    it('stops the rest at the first failure', async () => {
      w.model('bad', 'table', 'select nope').model('slow', 'table', endless)
      w.model('later', 'table', (n) => `select * from ${n.ref('slow')}`, { reads: ['slow'] })
      const results = await w.run({ failFast: true })
      expect(results.statuses).toEqual({ bad: 'error', slow: 'skipped', later: 'skipped' })
      expect(results.cancelled).toBe(false)
      expect(results.of('slow').message).toContain('first failure')
      expect(await w.strays()).toEqual([])
    })
  })

  describe('threads', () => {
    it('runs independent nodes at once and keeps the order of dependent ones', async () => {
      for (let i = 0; i < 40; i++) {
        const reads = i < 4 ? [] : [`m${i - 4}`]
        w.model(`m${i}`, 'table', (n) => (i < 4 ? 'select 1 as n' : `select n + 1 as n from ${n.ref(`m${i - 4}`)}`), {
          reads,
        })
      }
      const results = await w.run({ threads: 2 })
      expect(results.all.every((r) => r.status === 'success')).toBe(true)
      expect(new Set(results.all.map((r) => r.threadId))).toEqual(new Set(['Thread-1 (worker)', 'Thread-2 (worker)']))
      expect(await w.rows('select n from main.m39')).toEqual([[10]])
    })
  })
})
