import { describe, expect, it } from 'vitest'
import type { NodeConfig } from '../../src/config/node-config.ts'
import { onEachEngine, onEngine } from './on-each-engine.ts'
import type { Results } from './warehouse.ts'

const month = { partition_by: { column: 'day', type: 'range', granularity: 'month' } } as const
const days = (...list: readonly (string | null)[]) =>
  list.map((day, i) => `select ${i + 1} as id, ${day === null ? 'null' : `'${day}'`}::date as day`).join(' union all ')

onEachEngine((w) => {
  it('gives the same rows with partitions as without, and warns where there are none', async () => {
    for (let run = 0; run < 2; run++) {
      w.reset()
        .model('t', 'table', days('2024-01-31', '2024-02-01', null), { config: month })
        .test('not_null', 't', 'id')
      w.model('v', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      expect((await w.run()).statuses).toMatchObject({ t: 'success', v: 'success' })
      expect(await w.rows('select id from main.v order by 1')).toEqual([[1], [2], [3]])
    }
    expect(await w.relations()).toEqual(['table t', 'view v'])
    const warnings = w.events.flatMap((e) => (e.type === 'diagnostic' ? [e.diagnostic.message] : []))
    const has = w.adapter.capabilities.tableStorage === true
    expect(warnings).toEqual(has ? [] : [`\`partition_by\` has no effect on ${w.engine.name}`])
  })
})

onEngine('postgres', (w) => {
  const partitions = async (table = 't') =>
    (
      await w.rows(`select c.relname, pg_get_expr(c.relpartbound, c.oid),
  (xpath('/row/n/text()', query_to_xml('select count(*) as n from main.' || quote_ident(c.relname), true, true, '')))[1]::text::int
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'main.${table}'::regclass order by 1`)
    ).map(([name, bound, rows]) => [name, String(bound).replace('FOR VALUES ', ''), rows])
  const build = (sql: string, config: Partial<NodeConfig>, kind = 'table', settings = {}) =>
    w.reset().model('t', kind, sql, { config }).run(settings)
  const problem = (results: Results) => {
    const [first] = results.of('t').diagnostics
    return [first?.code, first?.message, first?.hints?.[0]]
  }

  describe('a partitioned table', () => {
    it('has a partition for each month that its rows have, and one for the rest', async () => {
      const config = { ...month, indexes: [{ columns: ['id'] }], fillfactor: 90, unlogged: true }
      for (const sql of [days('2024-01-31', '2024-02-01', '2024-02-29', null, 'infinity'), days('2024-02-03')]) {
        expect((await build(sql, config)).statuses).toEqual({ t: 'success' })
        expect(await w.strays()).toEqual([])
      }
      expect(await partitions()).toEqual([
        ['t_p2024_02', "FROM ('2024-02-01') TO ('2024-03-01')", 1],
        ['t_pdefault', 'DEFAULT', 0],
      ])
      expect(
        await w.rows(`select relpersistence, reloptions::text,
  (select count(*)::int from pg_index where indrelid = c.oid) from pg_class c where relname = 't_p2024_02'`),
      ).toEqual([['u', '{fillfactor=90}', 1]])
      expect(await w.rows("select count(*)::int from pg_class where relname like '%\\_\\_tsdbt\\_%'")).toEqual([[0]])
    })

    it('is cut at midnight of UTC when its column has a time zone', async () => {
      const sql = `select 1 as id, '2024-01-31 23:30:00-02'::timestamptz as at union all select 2, '2024-01-31 23:30:00+00'`
      await w.execute(`alter database ${w.database.name} set timezone to 'Asia/Tokyo'`)
      await w.open()
      const config = { partition_by: { column: 'at', type: 'range', granularity: 'day' } } as const
      expect((await build(sql, config)).statuses).toEqual({ t: 'success' })
      expect((await partitions()).map(([name, , rows]) => [name, rows])).toEqual([
        ['t_p2024_01_31', 1],
        ['t_p2024_02_01', 1],
        ['t_pdefault', 0],
      ])
    })

    it('by list has a partition for each value, whatever it is', async () => {
      const long = 'x'.repeat(70)
      const values = ['eu', 'EU', 'são paulo', 'sao paulo', '', "it's", long, null]
      const sql = values
        .map((v) => `select ${v === null ? 'null' : `'${v.replace("'", "''")}'`}::text as r`)
        .join(' union all ')
      expect((await build(sql, { partition_by: { column: 'r', type: 'list' } })).statuses).toEqual({ t: 'success' })
      const found = await partitions()
      expect(found.map(([, , rows]) => rows)).toEqual(found.map(() => 1))
      expect(found.length).toBe(values.length)
      expect(found.map(([name]) => name)).toEqual(
        expect.arrayContaining(['t_p_eu', 't_p_EU', 't_pdefault', expect.stringMatching(/^t_p_x{31}_\w{8}$/)]),
      )
    })

    it('by hash has as many partitions as it says', async () => {
      const sql = 'select g as id from generate_series(1, 100) g'
      const config = { partition_by: { column: 'id', type: 'hash', partitions: 4 } } as const
      expect((await build(sql, config)).statuses).toEqual({ t: 'success' })
      expect((await partitions()).map(([name]) => name)).toEqual(['t_p0', 't_p1', 't_p2', 't_p3'])
      expect(await w.rows('select count(*)::int from main.t')).toEqual([[100]])
    })

    it('takes the place of a plain one and gives it back, under a view that reads it', async () => {
      await build(days('2024-01-01'), {})
      await w.execute('create view main.reader as select id from main.t')
      for (const config of [month, {}, { partition_by: { ...month.partition_by, granularity: 'year' as const } }]) {
        expect((await build(days('2024-01-01', '2025-01-01'), config)).statuses).toEqual({ t: 'success' })
        expect(await w.rows('select * from main.reader order by 1')).toEqual([[1], [2]])
      }
      expect((await partitions()).map(([name]) => name)).toEqual(['t_p2024', 't_p2025', 't_pdefault'])
    })

    it('is filled where it stands under a materialized view, and gets the partitions that it lacks', async () => {
      await build(days('2024-01-01'), month)
      await w.execute('create materialized view main.reader as select id from main.t')
      expect((await build(days('2024-01-02', '2024-02-01', null), month)).statuses).toEqual({ t: 'success' })
      expect(await partitions()).toEqual([
        ['t_p2024_01', "FROM ('2024-01-01') TO ('2024-02-01')", 1],
        ['t_p2024_02', "FROM ('2024-02-01') TO ('2024-03-01')", 1],
        ['t_pdefault', 'DEFAULT', 1],
      ])
      expect(await w.rows("select count(*)::int from pg_class where relname like '%\\_\\_tsdbt\\_%'")).toEqual([[0]])
    })

    it('stays as it is when a test fails', async () => {
      await build(days('2024-01-01'), month)
      w.reset().model('t', 'table', days('2025-01-01', null), { config: month }).test('not_null', 't', 'day')
      expect((await w.run()).status('t')).toBe('error')
      expect((await partitions()).map(([name]) => name)).toEqual(['t_p2024_01', 't_pdefault'])
      expect(await w.rows("select count(*)::int from pg_class where relname like '%\\_\\_tsdbt\\_%'")).toEqual([[0]])
    })

    it('has names of 63 bytes at most, and no other name that is taken', async () => {
      const long = 'a'.repeat(60)
      await w.execute(`create table main.u_p2024_01 (x int)`)
      w.model(long, 'table', days('2024-01-01'), { config: month })
      w.model('u', 'table', days('2024-01-01'), { config: month })
      expect(new Set(Object.values((await w.run()).statuses))).toEqual(new Set(['success']))
      expect((await partitions(long)).map(([name]) => name)).toEqual([
        expect.stringMatching(/^a{45}_\w{8}_p2024_01$/),
        expect.stringMatching(/^a{45}_\w{8}_pdefault$/),
      ])
      expect((await partitions('u')).map(([name]) => name)).toEqual([
        expect.stringMatching(/^u_p2024_01_\w{8}$/),
        'u_pdefault',
      ])
    })
  })

  describe('mistakes', () => {
    it.each([
      ["select 'a' as day", month, 'db/unfit-partition-column', '`day`, which is text', 'cast it in the model'],
      ['select 1 as d', month, 'run/unknown-column-in-config', '`partition_by` names `day`', ''],
      [
        "select '{}'::json as j",
        { partition_by: { column: 'j', type: 'list' } },
        'db/unfit-partition-column',
        '`j`, which is json',
        '',
      ],
      [
        "select date '2000-01-01' + g as day from generate_series(1, 2001) g",
        { partition_by: { ...month.partition_by, granularity: 'day' } },
        'db/too-many-partitions',
        'more than 2000 partitions',
        '`granularity: month`',
      ],
      [
        'select g as id from generate_series(1, 2001) g',
        { partition_by: { column: 'id', type: 'list' } },
        'db/too-many-partitions',
        'more than 2000 values',
        'type: hash',
      ],
    ] as const)('%s', async (sql, config, code, message, hint) => {
      const found = problem(await build(sql, config as Partial<NodeConfig>))
      expect(found).toEqual([code, expect.stringContaining(message), expect.stringContaining(hint)])
      expect(await w.relations()).toEqual([])
    })

    it('of the configuration are told before anything runs', async () => {
      const wrong = { ...month, indexes: [{ columns: ['id'], unique: true }] } as const
      await expect(build(days('2024-01-01'), wrong)).rejects.toMatchObject({
        diagnostics: [{ code: 'run/unique-without-partition' }],
      })
    })
  })

  describe('an incremental model', () => {
    const keyed = { ...month, unique_key: 'id' }
    const names = async () => (await partitions()).map(([name, , rows]) => [name, rows])

    it('gets partitions for the months that come, and rows leave the default partition for theirs', async () => {
      await build(days('2024-01-31'), keyed, 'incremental')
      await w.execute("insert into main.t values (9, '2024-03-09'), (8, null)")
      expect((await build(days('2024-02-01', '2024-03-01'), keyed, 'incremental')).statuses).toEqual({ t: 'success' })
      expect(await names()).toEqual([
        ['t_p2024_01', 0],
        ['t_p2024_02', 1],
        ['t_p2024_03', 2],
        ['t_pdefault', 1],
      ])
      expect(await w.rows('select id, day::text from main.t order by 1')).toEqual([
        [1, '2024-02-01'],
        [2, '2024-03-01'],
        [8, null],
        [9, '2024-03-09'],
      ])
    })

    it('gets new partitions with the indexes of its table, also by list', async () => {
      const config = {
        partition_by: { column: 'r', type: 'list' },
        indexes: [{ columns: ['id'] }],
        unique_key: 'id',
      } as const
      await build("select 1 as id, 'a' as r", config, 'incremental')
      await build("select 2 as id, 'b' as r union all select 3, 'a'", config, 'incremental')
      expect(await names()).toEqual([
        ['t_p_a', 2],
        ['t_p_b', 1],
        ['t_pdefault', 0],
      ])
      expect(await w.rows("select count(*)::int from pg_index where indrelid = 'main.t_p_b'::regclass")).toEqual([[1]])
    })

    it('whose partitions are of another size keeps them', async () => {
      await build(days('2024-01-31'), keyed, 'incremental')
      const daily = { ...keyed, partition_by: { ...month.partition_by, granularity: 'day' as const } }
      expect((await build(days('2024-01-15', '2024-02-02'), daily, 'incremental')).statuses).toEqual({ t: 'success' })
      expect((await build(days('2024-01-16', '2024-02-03'), keyed, 'incremental')).statuses).toEqual({ t: 'success' })
      expect((await names()).map(([name]) => name)).toEqual(['t_p2024_01', 't_p2024_02_02', 't_pdefault'])
    })

    it('whose table is not partitioned goes on, with a warning, until a full refresh', async () => {
      await build(days('2024-01-31'), { unique_key: 'id' }, 'incremental')
      const results = await build(days('2024-02-01'), keyed, 'incremental')
      expect(results.statuses).toEqual({ t: 'success' })
      expect(results.of('t').diagnostics.map((d) => [d.code, d.severity, d.message])).toEqual([
        ['run/partitions-differ', 'warning', 'the table is a plain table, not partitioned as `partition_by` says'],
      ])
      await build(days('2024-02-01'), keyed, 'incremental', { fullRefresh: true })
      expect((await names()).map(([name]) => name)).toEqual(['t_p2024_02', 't_pdefault'])
      expect((await build(days('2024-02-01'), keyed, 'incremental')).of('t').diagnostics).toEqual([])
    })

    it('lets others read its partitions while one is being made', async () => {
      await build(days('2024-01-31'), keyed, 'incremental')
      const session = await w.adapter.acquire()
      await session.begin()
      await session.query("select * from main.t where day = '2024-01-31'")
      expect((await build(days('2024-02-01'), keyed, 'incremental')).statuses).toEqual({ t: 'success' })
      await session.rollback()
      await session.release()
    })

    it('waits until a reader of the whole table is done', async () => {
      await w.open(4, { lock_timeout: '50ms' })
      await build(days('2024-01-31'), keyed, 'incremental')
      const session = await w.adapter.acquire()
      await session.begin()
      await session.query('select * from main.t')
      const building = build(days('2024-02-01'), keyed, 'incremental')
      const waiting = async () =>
        (
          await session.query(
            'select exists (select from pg_locks join pg_database d on d.oid = database where not granted and datname = current_database())',
          )
        ).rows[0]![0] === true
      while (!(await waiting()));
      // It has let go once, so that nobody has to queue behind it.
      while (await waiting());
      await session.rollback()
      await session.release()
      expect((await building).statuses).toEqual({ t: 'success' })
      expect((await names()).length).toBe(3)
    })
  })
})
