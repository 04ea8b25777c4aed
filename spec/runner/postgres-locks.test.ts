import { expect, it } from 'vitest'
import { onEngine } from './on-each-engine.ts'

onEngine('postgres', (w) => {
  const build = () => w.reset().model('t', 'table', "select 1 as id, 'x' as added").test('not_null', 't', 'id')

  async function held(sql: string) {
    const session = await w.adapter.acquire()
    await session.begin()
    await session.query(sql)
    return async () => {
      await session.rollback()
      await session.release()
    }
  }

  it('tells of a lock that is not had, tries again, and publishes when it is', async () => {
    await w.model('t', 'table', 'select 1 as id').run()
    const letGo = await held('select * from main.t')
    build()
    let released: Promise<void> | undefined
    w.listen = (event) => {
      if (event.type === 'node.retried') released ??= letGo()
    }
    const results = await w.run()
    await released
    expect(results.status('t')).toBe('success')
    const retried = w.events.filter((event) => event.type === 'node.retried')
    expect(retried[0]).toMatchObject({ node: 'model.shop.t', name: 't', attempt: 1 })
    expect(retried[0]?.reason).toMatch(/^`main\.t` could not be locked in time: in use by process \d+/)
    expect(await w.rows('select added from main.t')).toEqual([['x']])
    expect(await w.strays()).toEqual([])
  })

  it('ends the waiting when the run is stopped, with the old rows', async () => {
    await w.model('t', 'table', 'select 1 as id').run()
    const letGo = await held('select * from main.t')
    build()
    const stop = new AbortController()
    w.listen = (event) => {
      if (event.type === 'node.retried') stop.abort()
    }
    const results = await w.run({ signal: stop.signal })
    await letGo()
    expect(results.status('t')).not.toBe('success')
    expect(await w.rows('select * from main.t')).toEqual([[1]])
  })
})
