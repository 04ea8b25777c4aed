import { afterEach, expect, it, vi } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { Engine } from '../../src/commands/engine.ts'
import { engines, type Target } from '../engines.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { TemporaryProject } from './temporary-project.ts'

const slow = (generation: number, seconds: number) => ({
  'models/a.sql': `{{config materialized="table"}}\nselect ${generation} as generation from pg_sleep(${seconds})\n`,
  'models/m.yml': 'models:\n  - { name: a, columns: [{ name: generation, tests: [not_null] }] }\n',
})
const SLEEPING = `from pg_stat_activity where state = 'active' and query like '%pg_sleep%'
  and datname = current_database() and pid <> pg_backend_pid()`

/** What goes wrong beside tsdbt on a server; whatever it is, readers keep the data that they had. */
onEachDatabase(
  (here) => {
    let project: TemporaryProject
    afterEach(() => project.remove())

    const start = (files = {}, more: Target = {}) => {
      project = new TemporaryProject(files, { ...here.database.target, threads: 2, ...more })
    }

    /** Builds the model `a` anew and, while its statement runs, does `harm` on a connection beside. */
    async function harmed(harm: (beside: Adapter) => Promise<unknown>): ReturnType<TemporaryProject['build']> {
      start(slow(1, 0))
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      project.write(slow(2, 60))
      const beside = await here.database.open()
      const building = project.build({ select: ['a'] })
      await vi.waitFor(async () => expect(await here.database.sql(`select pid ${SLEEPING}`)).toHaveLength(1), {
        timeout: 30_000,
        interval: 20,
      })
      await harm(beside)
      return building
    }

    const served = async () => (await here.database.sql('select generation from main.a'))[0]![0]

    it('a statement that somebody cancels is told as such, and the old data is served', async () => {
      const { exitCode, found } = await harmed(() => here.database.sql(`select pg_cancel_backend(pid) ${SLEEPING}`))
      expect(exitCode).toBe(1)
      expect(found).toMatchObject([{ code: 'db/interrupted', at: 'models/a.sql:1:1' }])
      expect(found[0]!.text).toContain('another session cancelled it')
      expect(await served()).toBe(1)
    })

    it('a run that loses all its connections says what to look at, and the old data is served', async () => {
      const { exitCode, found } = await harmed(() =>
        here.database.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (query like '%pg_sleep%' or query like '%advisory%')",
        ),
      )
      expect(exitCode).toBe(1)
      expect(found.map((f) => f.code)).toEqual(['db/connection'])
      expect(found[0]!.text).toContain('look whether the server runs')
      expect(await served()).toBe(1)
      project.write(slow(3, 0))
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      expect(await served()).toBe(3)
    })

    it('a schema that may not be made is told with the right that is missing', async () => {
      // A role of the system without the right to make anything; specs connect as a superuser.
      start({}, { schema: 'of_others', role: 'pg_monitor' })
      const { exitCode, found } = await project.build()
      expect(exitCode).toBe(2)
      expect(found).toMatchObject([{ code: 'run/schemas-failed' }])
      expect(found[0]!.text).toMatch(/lacks a right on the database[\s\S]*grant create on database/)
    })

    it('a table of somebody else is not replaced, and what is missing is told', async () => {
      start(slow(1, 0))
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      await here.database.sql(
        'grant usage, create on schema main to pg_monitor',
        'grant select on main.a to pg_monitor',
      )
      project.write(slow(2, 0))
      const mine = new TemporaryProject(slow(2, 0), { ...here.database.target, role: 'pg_monitor' })
      const { exitCode, found } = await mine.build({ select: ['a'] })
      mine.remove()
      expect(exitCode).toBe(1)
      expect(found).toMatchObject([{ code: 'db/permission' }])
      expect(found[0]!.text).toMatch(/grant select, insert, delete on|only the owner/)
      expect(await served()).toBe(1)
    })

    it('a seed, which is not compiled, has no compiled file to look at', async () => {
      start({ 'seeds/s.csv': 'id\n1\n' }, { role: 'pg_monitor' })
      await here.database.sql('grant usage on schema main to pg_monitor')
      const engine = await Engine.open({ projectDir: project.root, env: {} })
      const { diagnostics } = await engine.build({ select: ['s', 'stg_orders'] })
      expect(diagnostics.map(({ code, see }) => ({ code, see }))).toEqual([
        { code: 'db/permission', see: 'target/compiled/shop/models/stg_orders.sql' },
        { code: 'db/permission', see: undefined },
      ])
    })

    it('a lock that is not had names who holds it', async () => {
      start({}, { lock_timeout: '50ms' })
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      const beside = await here.database.open()
      const session = await beside.acquire()
      await session.begin()
      await session.execute('lock table main.stg_orders in access exclusive mode')
      const pid = String((await session.query('select pg_backend_pid()')).rows[0]![0])
      const engine = await Engine.open({ projectDir: project.root, env: {} })
      const { diagnostics } = await engine.show({ inline: 'select * from {{ref "stg_orders"}}' })
      await session.release()
      expect(diagnostics).toMatchObject([{ code: 'db/lock-timeout' }])
      expect(diagnostics[0]!.notes).toEqual([
        expect.stringContaining(`\`main.stg_orders\` is locked by process ${pid}`),
      ])
    })

    it('a hook that must not run in a transaction is shown where it is written, with the way out', async () => {
      start({ 'models/m.sql': '{{config materialized="table" post_hook="vacuum main.m"}}\nselect 1 as id' })
      const { found } = await project.build()
      expect(found).toMatchObject([{ code: 'db/transaction', at: 'models/m.sql:1:42' }])
      expect(found[0]!.text).toContain('`transaction: false`')
    })

    it('a table and a view that changed places by hand are put right', async () => {
      start({
        'models/t.sql': '{{config materialized="table"}}\nselect 1 as id',
        'models/v.sql': 'select id from {{ref "t"}}',
      })
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      await here.database.sql(
        'drop view main.v',
        'drop table main.t',
        'create table main.v as select 7 as id',
        'create view main.t as select id from main.v',
      )
      const { exitCode } = await project.build()
      expect(exitCode).toBe(0)
      const kinds = await here.database.sql(
        "select relname, relkind from pg_class where relname in ('t', 'v') order by 1",
      )
      expect(kinds).toEqual([
        ['t', 'r'],
        ['v', 'v'],
      ])
      expect(await here.database.sql('select id from main.v')).toEqual([[1]])
    })
  },
  engines.filter((engine) => engine.dialect.maxIdentifierBytes !== undefined),
)
