import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IndexSpec } from '../../src/adapters/replacement.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { snapshotQuery } from './catalog-snapshot.ts'
import { plainStorage, type Replacing, refusal, replacing } from './replacing.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
  for (const role of ['spec_reader', 'Spec Auditor'])
    await database.sql(
      `do $$ begin create role "${role}" login; exception when duplicate_object or unique_violation then null; end $$`,
    )
})
afterAll(() => database.drop())

async function snapshot(run: Replacing): Promise<readonly string[]> {
  return (await run.sql(snapshotQuery(run.schema))).map((row) => String(row['line']))
}

async function relations(run: Replacing): Promise<readonly unknown[]> {
  const rows = await run.sql(
    `select relname from pg_class where relnamespace = '${run.schema}'::regnamespace and relkind <> 't' order by 1`,
  )
  return rows.map((row) => row['relname'])
}

describe('publishing a table', () => {
  it('renames it where nothing stands', async () => {
    const run = await replacing(database)
    const { how } = await run.replace('t', 'select 1 as a', { existing: null })
    expect(how).toBe('create')
    expect(await run.sql('select * from t')).toEqual([{ a: 1 }])
    expect(await relations(run)).toEqual(['t'])
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
    expect(await relations(run)).toEqual(['t', 'v', 'w'])
  })

  it('leaves other columns, indexes and rights alone when columns come and go', async () => {
    const run = await replacing(database)
    await run.sql(`create table t (a int primary key, b text, c int default 7, gone int);
      create index on t (b); grant select on t to spec_reader; comment on column t.b is 'b'; create view v as select a, b from t;
      create view w as select b from v; grant select (b) on w to "Spec Auditor"`)
    const before = await snapshot(run)
    const { how, why } = await run.replace('t', `select 1 as a, 'x' as b, 2 as c, now() as fresh`)
    expect({ how, why }).toEqual({ how: 'swap', why: 'columns changed: +fresh, -gone' })
    const after = await snapshot(run)
    expect(after.filter((line) => !before.includes(line))).toEqual([
      expect.stringMatching(/^column t\.fresh timestamp with time zone/),
    ])
    expect(before.filter((line) => !after.includes(line))).toEqual([expect.stringMatching(/^column t\.gone integer/)])
  })

  it('makes views again whose columns get other types, with all that is theirs', async () => {
    const run = await replacing(database)
    await run.sql(`create table t (a int, b text); create view same with (security_barrier) as select b from t;
      create view v with (security_barrier) as select a, b from t; create view w as select a + 1 as a from v; create view x as select b from v;
      alter view v alter b set default 'd'; grant select on v to spec_reader with grant option; grant select (a) on v to "Spec Auditor"; comment on view v is 'v'; comment on column v.a is 'a';
      comment on view w is 'w'; revoke all on w from current_user; grant select on w to public;
      create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g instead of insert on v for each row execute function f(); create rule r as on delete to v do instead nothing`)
    const oids = `select relname, oid::int from pg_class where relnamespace = '${run.schema}'::regnamespace and relname in ('same', 'x') order by 1`
    const [before, kept] = [await snapshot(run), await run.sql(oids)]
    await run.replace('t', `select 5000000000 as a, 'x' as b`)
    expect(await run.sql('select * from v, w')).toEqual([{ a: '5000000001', b: 'x' }])
    const after = await snapshot(run)
    const retyped = before.map((line) => line.replace(/^(column [tvw]\.a) integer/, '$1 bigint'))
    expect(after.map((line) => line.replace('(a + (1)::bigint)', '(a + 1)')).sort()).toEqual(retyped.sort())
    // Their columns stay, so they are the same views as before.
    expect(await run.sql(oids)).toEqual(kept)
  })

  it('lists all that would break, and leaves everything as it is', async () => {
    const run = await replacing(database)
    await run.sql(`create table t (a int, b text, c int check (c > 0)); create view v as select a, c from t; create view w as select * from v; create view ok as select a from t;
      create index i on t (b, c); create materialized view m as select a from t; create policy p on t using (b = 'x'); create statistics s on b, a from t;
      create table child (t t); create table more () inherits (t)`)
    const before = await snapshot(run)
    const message = await refusal(run.replace('t', 'select 1 as a'))
    await run.sql('drop table t__tsdbt_00000001')
    expect(message.replaceAll(run.schema, 's')).toBe(
      'db/dependants-would-break: `s.t` is not replaced, because 8 things would break: ' +
        'view s.v: it reads `c`, which the new columns do not have; ' +
        'materialized view s.m: it would have to be filled again while its readers wait; ' +
        'column t of table s.child: it uses the row type of the table; ' +
        'table s.more: it inherits from the table; ' +
        'index i: it reads `b`, `c`, which the new columns do not have; ' +
        'constraint t_c_check: it reads `c`, which the new columns do not have; ' +
        'statistics s: it reads `b`, which the new columns do not have; ' +
        'policy p: it reads `b`, which the new columns do not have',
    )
    expect(await snapshot(run)).toEqual(before)
  })

  it('says why a view cannot read the new columns', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int); create view v as select a + 1 as b from t; create view w as select b from v')
    const before = await snapshot(run)
    expect(await refusal(run.replace('t', 'select array[1] as a'))).toMatch(
      /one thing would break: view s\d+\.v: .*integer\[\], integer/,
    )
    await run.sql('drop table t__tsdbt_00000001')
    expect(await snapshot(run)).toEqual(before)
  })

  it('refuses to change rows in place where columns change', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int)')
    expect(await refusal(run.replace('t', 'select 1::bigint as a', { method: 'in_place' }))).toMatch(
      /the rows of `s\d+\.t` cannot be replaced in place: `s\d+\.t`: columns changed: a: integer -> bigint/,
    )
  })

  it('does not change rows that policies hide', async () => {
    const run = await replacing(database, 'spec_reader')
    await run.sql(`set role spec_reader; create table t (a int); alter table t enable row level security;
      alter table t force row level security; create policy p on t using (a > 5); reset role`)
    await run.sql('insert into t values (1), (9)')
    const { how, why } = await run.replace('t', 'select 2 as a')
    expect({ how, why: why.replace(run.schema, 's') }).toEqual({
      how: 'swap',
      why: 'table s.t: its policies would hide rows from this connection',
    })
    expect(await run.sql('select * from t')).toEqual([{ a: 2 }])
  })

  it('keeps an owner whose rights the connection has, and undoes default privileges', async () => {
    await database.sql(`do $$ begin create role spec_team; exception when duplicate_object or unique_violation then null; end $$;
      do $$ begin create role spec_member login in role spec_team; exception when duplicate_object or unique_violation then null; end $$`)
    const run = await replacing(database, 'spec_member')
    await run.sql(`grant create, usage on schema ${run.schema} to spec_team;
      create table t (a int primary key, b int default 1); create index on t (b); create statistics st on a, b from t; create view v as select a from t; grant select on t to spec_reader;
      alter table t owner to spec_team; alter view v owner to spec_team; alter statistics st owner to spec_team;
      alter table t enable row level security; create policy p on t using (true);
      alter default privileges for role spec_member in schema ${run.schema} grant all on tables to public`)
    const before = await snapshot(run)
    await run.replace('t', 'select 1 as a, 2 as b', { method: 'swap' })
    expect(await snapshot(run)).toEqual(before)
  })

  it('decides again when the table was replaced meanwhile', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int)')
    const prepared = await run.replacement.prepareReplacement(await run.stage('t', 'select 1 as a'))
    expect(prepared.how).toBe('in_place')
    await run.sql('drop table t; create table t (a bigint); grant select on t to spec_reader')
    await run.publish(prepared)
    expect(await run.sql('select * from t')).toEqual([{ a: 1 }])
    expect((await snapshot(run)).join()).toContain('spec_reader:SELECT')
  })

  it('keeps rights that were granted after it was prepared', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int)')
    const prepared = await run.replacement.prepareReplacement(await run.stage('t', 'select 1 as a', { method: 'swap' }))
    await run.sql('grant select on t to spec_reader; create index late on t (a)')
    const before = await snapshot(run)
    await run.publish(prepared)
    expect((await snapshot(run)).filter((line) => !line.includes('__tsdbt_'))).toEqual(
      before.filter((line) => !line.includes('__tsdbt_')),
    )
  })
})

describe('another kind of relation', () => {
  it.each([
    ['view', 'view', 'table'],
    ['materialized_view', 'materialized view', 'table'],
    ['table', 'table', 'materialized_view'],
    ['view', 'view', 'materialized_view'],
    ['materialized_view', 'materialized view', 'materialized_view'],
  ] as const)('takes the place of a %s (%s) as a %s, under views', async (existing, words, kind) => {
    const run = await replacing(database)
    await run.sql(`create ${words} t as select 1 as a, 2 as b; create view v as select a from t; grant select on t to spec_reader;
      comment on ${words} t is 'what'; comment on column t.a is 'a'`)
    const before = await snapshot(run)
    const { how } = await run.replace('t', 'select 3 as a, 4 as c', { existing, kind })
    expect(how).toBe('swap')
    expect(await run.sql('select * from t, v')).toEqual([{ a: 3, c: 4 }])
    const letter = { table: 'r', view: 'v', materialized_view: 'm' }
    const relation = before.find((line) => line.startsWith(`relation ${letter[existing]} t`))!
    const identity = /identity=.| am=\w*/g
    const rest = relation.replace(`relation ${letter[existing]}`, `relation ${letter[kind]}`)
    const now = (await snapshot(run)).find((line) => line.startsWith(`relation ${letter[kind]} t`))!
    expect(now.replace(identity, '')).toBe(rest.replace(identity, ''))
    expect(await relations(run)).toEqual(['t', 'v'])
  })

  it('keeps indexes of a materialized view', async () => {
    const run = await replacing(database)
    await run.sql(`create materialized view t as select 1 as a; create unique index on t (a); create index i on t ((a + 1)) where a > 0;
      alter materialized view t cluster on t_a_idx; alter materialized view t set (fillfactor = 50); alter materialized view t alter a set statistics 9; alter materialized view t owner to spec_reader`)
    const before = await snapshot(run)
    await run.replace('t', 'select 2 as a', { existing: 'materialized_view', kind: 'materialized_view' })
    const rule = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('rule'))
    expect(rule(await snapshot(run))).toEqual(rule(before))
  })

  it('does not take away what only tables have', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int); alter table t enable row level security; create policy p on t using (true)')
    expect(await refusal(run.replaceView('t', 'select 1 as a', 'table'))).toMatch(/policy p: it belongs to the table/)
  })
})

describe('replacing a view', () => {
  it('makes, replaces and reshapes it under what reads it', async () => {
    const run = await replacing(database)
    await run.replaceView('v', 'select 1 as a', null)
    await run.replaceView('v', 'select 2 as a, 3 as b')
    await run.sql(`create view w as select a from v; grant select on v to spec_reader; comment on view v is 'v';
      alter view v set (security_barrier); alter view v alter a set default 5; revoke insert on v from current_user`)
    const before = await snapshot(run)
    await run.replaceView('v', `select 'x' as b, 5 as a`)
    expect(await run.sql('select * from v, w')).toEqual([{ a: 5, b: 'x' }])
    const others = (lines: readonly string[]) => lines.filter((line) => !/^rule|^column v\.b/.test(line))
    expect(others(await snapshot(run))).toEqual(others(before))
    await run.replaceView('v', `select 'y' as b, 6 as a`)
    expect(others(await snapshot(run))).toEqual(others(before))
  })

  it('takes the place of tables and materialized views under what reads them', async () => {
    const run = await replacing(database)
    await run.sql(
      'create table t (a int primary key); create view v as select a from t; grant select on t to spec_reader',
    )
    await run.replaceView('t', 'select 7 as a', 'table')
    expect(await run.sql('select * from v')).toEqual([{ a: 7 }])
    expect((await snapshot(run)).join()).toContain('spec_reader:SELECT')
    await run.sql(
      'create materialized view m as select 1 as a; create index on m (a); create view mv as select * from m',
    )
    await run.replaceView('m', 'select 8 as a', 'materialized_view')
    expect(await run.sql('select * from mv')).toEqual([{ a: 8 }])
    expect(await relations(run)).toEqual(['m', 'mv', 't', 'v'])
  })

  it('refuses when a column is gone that another view reads', async () => {
    const run = await replacing(database)
    await run.sql(
      'create view v as select 1 as a, 2 as b; create view w as select b from v; create view ok as select a from v',
    )
    expect(await refusal(run.replaceView('v', 'select 1 as a'))).toMatch(
      /^db\/dependants-would-break: `s\d+\.v` is not replaced, because one thing would break: view s\d+\.w: column .*b.* does not exist/,
    )
    expect(await run.sql('select * from w')).toEqual([{ b: 2 }])
  })

  it("leads to the place of the analyst's mistake", async () => {
    const run = await replacing(database)
    await run.sql('create view v as select 1 as a')
    const error = await run.replaceView('v', 'select wrong as a').catch((e: unknown) => e)
    const { sql, offset } = (error as { fault: { sql: string; offset: number } }).fault
    expect(sql.slice(offset)).toMatch(/^wrong as a/)
  })
})

describe('declared indexes', () => {
  const index = (columns: readonly string[], more: Partial<IndexSpec> = {}): IndexSpec => ({
    ...{ columns, unique: false, type: null, include: [], where: null, name: null },
    ...more,
  })
  const indexes = async (run: Replacing) =>
    (await snapshot(run)).filter((l) => l.startsWith('index')).map((l) => /ON (\S+) (.*?) unique=/.exec(l)![2])
  const rows = `select 1 as a, 'x' as "B b"`

  it('are made, kept and dropped by every way of publishing', async () => {
    const run = await replacing(database)
    const first = [index(['a'], { unique: true, include: ['B b'] }), index(['(lower("B b"))', 'a'], { where: 'a > 0' })]
    await run.replace('t', rows, { existing: null, storage: { indexes: first } })
    const made = ['USING btree (a) INCLUDE ("B b")', `USING btree (lower("B b"), a) WHERE (a > 0)`]
    expect((await indexes(run)).sort()).toEqual(made.sort())
    await run.sql('create index "by hand" on t ("B b")')
    const names = await relations(run)
    for (const method of ['in_place', 'swap', 'in_place'] as const) {
      await run.replace('t', rows, { method, storage: { indexes: first } })
      expect(await relations(run)).toEqual(names)
    }
    for (const method of ['in_place', 'swap'] as const) {
      await run.replace('t', rows, { method, storage: { indexes: [index(['B b'], { type: 'hash', name: 'named' })] } })
      expect((await indexes(run)).sort()).toEqual(['USING btree ("B b")', 'USING hash ("B b")'])
      await run.replace('t', rows, { method, storage: { indexes: first } })
      expect(await relations(run)).toEqual(names)
    }
  })

  it("follow a changed definition and leave an administrator's index of the same name alone", async () => {
    const run = await replacing(database)
    const named = (columns: readonly string[]) => ({ indexes: [index(columns, { name: 'named' })] })
    await run.replace('t', rows, { existing: null, storage: named(['a']) })
    await run.replace('t', rows, { method: 'in_place', storage: named(['B b']) })
    expect(await indexes(run)).toEqual(['USING btree ("B b")'])
    await run.replace('t', rows, { method: 'swap', storage: named(['a', 'B b']) })
    expect(await indexes(run)).toEqual(['USING btree (a, "B b")'])
    await run.sql('drop index named; create index named on t (a desc)')
    for (const method of ['in_place', 'swap'] as const) {
      await run.replace('t', rows, { method, storage: named(['a']) })
      expect(await indexes(run)).toEqual(['USING btree (a DESC)'])
    }
  })

  it('have names of at most 63 bytes, told apart', async () => {
    const run = await replacing(database)
    const long = 'ä'.repeat(31)
    const storage = { indexes: [index([long]), index([long, 'b']), index(['b', long])] }
    await run.replace(long, `select 1 as ${long}, 2 as b`, { existing: null, storage })
    await run.replace(long, `select 1 as ${long}, 2 as b`, { method: 'swap', storage })
    expect(new Set(await indexes(run)).size).toBe(3)
  })

  it('refuse rows that are not unique, and the old ones stay', async () => {
    const run = await replacing(database)
    await run.sql('create table t as select 7 as a')
    const storage = { indexes: [index(['a'], { unique: true })] }
    for (const method of ['in_place', 'swap'] as const)
      expect(await refusal(run.replace('t', 'select 1 as a from generate_series(1, 2)', { method, storage }))).toMatch(
        /^constraint: /,
      )
    expect(await run.sql('select * from t')).toEqual([{ a: 7 }])
  })
})

describe('storage', () => {
  it('swaps when it changes, and keeps what is not declared', async () => {
    const run = await replacing(database)
    await run.sql('create table t with (fillfactor = 70, parallel_workers = 3) as select 1 as a')
    const declared = { fillfactor: 60, unlogged: true }
    expect((await run.replace('t', 'select 2 as a')).how).toBe('in_place')
    expect(await run.replace('t', 'select 2 as a', { storage: declared })).toMatchObject({
      how: 'swap',
      why: 'the table becomes unlogged',
    })
    expect((await run.replace('t', 'select 2 as a', { storage: declared })).how).toBe('in_place')
    expect((await snapshot(run)).find((l) => l.startsWith('relation r t'))).toMatch(
      / u tablespace=0 options=\{(fillfactor=60,parallel_workers=3|parallel_workers=3,fillfactor=60)\}/,
    )
    expect(await run.replace('t', 'select 2 as a')).toMatchObject({ how: 'swap', why: 'the table becomes logged' })
  })

  it('swaps partitioned tables', async () => {
    const run = await replacing(database)
    await run.sql(`create table t (a int, b int) partition by list (a); create table t_1 partition of t for values in (1); create index on t (b);
      create view v as select b from t; grant select on t to spec_reader`)
    const request = await run.stage('t', 'select 1 as a, 2 as b')
    const name = request.staged.identifier
    await run.sql(
      `drop table ${name}; create table ${name} (a int, b int) partition by list (a); create table ${name}_2 partition of ${name} for values in (2); insert into ${name} values (2, 3)`,
    )
    const storage = { ...plainStorage, partitionBy: { kind: 'list', column: 'a' } } as const
    const prepared = await run.replacement.prepareReplacement({ ...request, storage })
    expect(prepared).toMatchObject({ how: 'swap', why: 'partitioned' })
    await run.publish(prepared)
    expect(await run.sql('select t.* from t, v')).toEqual([{ a: 2, b: 3 }])
    expect((await relations(run)).filter((r) => !String(r).includes('idx'))).toEqual(['t', `${name}_2`, 'v'])
    expect(await run.replace('t', 'select 1 as a, 2 as b')).toMatchObject({
      how: 'swap',
      why: 'the partitioning changes',
    })
    expect(await run.sql('select t.* from t, v')).toEqual([{ a: 1, b: 2 }])
  })
})

describe('a dry run', () => {
  it.each([
    ['nothing', '', 'int', 'create', 'nothing stands there'],
    [
      'the same types',
      'create table t (a numeric(18,2), b timestamptz(3), c varchar(5)[], d int)',
      'decimal(18, 2)|timestamp(3) with time zone|varchar(5)[]|int4',
      'in_place',
      'same columns, 8 kB',
    ],
    [
      'other types',
      'create table t (a numeric(18,2))',
      'decimal(18,3)',
      'swap',
      'columns changed: a: numeric(18,2) -> numeric(18,3)',
    ],
    ['a view', 'create view t as select 1 as a', 'int', 'swap', 'a view stands there'],
    ['unknown columns', 'create table t (a int)', null, null, 'by its columns, 1 kB'],
  ])('tells how %s would be replaced', async (_, setup, types, how, why) => {
    const run = await replacing(database)
    if (setup !== '') await run.sql(setup)
    const columns = types === null ? null : types.split('|').map((type, i) => ({ name: 'abcd'[i]!, type }))
    const names = { target: run.name('t'), staged: run.name('t__tsdbt_00000001') }
    const request = { ...names, existing: 'table', kind: 'table', method: 'auto', storage: plainStorage } as const
    const predicted = await run.replacement.predictReplacement(request, columns)
    expect(predicted).toEqual({ how, why })
  })
})

describe('rights', () => {
  const grant = async (run: Replacing, grants: { readonly [privilege: string]: readonly string[] }) =>
    (await run.replacement.applyGrants({ relation: run.name('t'), kind: 'table', grants })).map((s) =>
      s.replaceAll(`"${run.schema}".`, ''),
    )

  it('are granted and taken where they differ', async () => {
    const run = await replacing(database)
    await run.sql(
      'create table t (a int, b int); grant update on t to spec_reader; grant select (a) on t to spec_reader',
    )
    const wanted = { select: ['spec_reader', 'Spec Auditor', 'public'], INSERT: ['Spec Auditor'] }
    expect(await grant(run, wanted)).toEqual([
      'revoke update on "t" from "spec_reader"',
      'grant select on "t" to "spec_reader"',
      'grant select, insert on "t" to "Spec Auditor"',
      'grant select on "t" to public',
    ])
    expect(await grant(run, wanted)).toEqual([])
    expect(await grant(run, { select: ['public'] })).toEqual([
      'revoke select on "t" from "spec_reader"',
      'revoke insert, select on "t" from "Spec Auditor"',
      'grant select ("a") on "t" to "spec_reader"',
    ])
    expect((await snapshot(run)).find((l) => l.startsWith('column t.a'))).toContain('acl={spec_reader:SELECT}')
  })

  it('that a role passed on are taken back with its option', async () => {
    const run = await replacing(database)
    await run.sql(`create table t (a int); grant usage on schema ${run.schema} to public; grant select on t to spec_reader with grant option;
      set role spec_reader; grant select on t to "Spec Auditor"; reset role`)
    await grant(run, { select: ['spec_reader'] })
    expect((await snapshot(run)).find((l) => l.startsWith('relation r t'))).toMatch(/spec_reader:SELECT\} /)
    expect(await grant(run, { select: ['spec_reader'] })).toEqual([])
  })

  it('are refused for roles and privileges that there are not', async () => {
    const run = await replacing(database)
    await run.sql('create table t (a int)')
    expect(await refusal(grant(run, { select: ['SPEC_READER'], selct: ['spec_reader'] }))).toBe(
      'db/unknown-role: there is no role `SPEC_READER`\ndb/unknown-privilege: there is no privilege `selct` on tables and views',
    )
  })
})

describe('a lock that is not had', () => {
  it('is told with who has it, and everything stays as it was', async () => {
    const run = await replacing(database)
    await run.sql('create table t as select 1 as a; create view v as select a from t')
    const reader = await run.connect()
    await reader.query(`set application_name = 'report of the year'; begin; select * from ${run.schema}.t`)
    const replacement = await run.replacement.prepareReplacement(
      await run.stage('t', 'select 2 as a', { method: 'swap' }),
    )
    expect(await refusal(run.publish(replacement))).toMatch(
      /^lock-timeout: `s\d+\.t` could not be locked in time: in use by process \d+, user `postgres`, application `report of the year`, in a transaction since 20/,
    )
    expect(await run.sql('select * from v')).toEqual([{ a: 1 }])
    await reader.query('commit')
    await run.publish(replacement)
    expect(await run.sql('select * from v')).toEqual([{ a: 2 }])
  })

  it('lets all locks go at the savepoint around several relations, so that all can be tried again', async () => {
    const run = await replacing(database)
    await run.sql('create table t as select 1 as a; create table u as select 1 as a; create view v as select a from u')
    const both = [
      await run.replacement.prepareReplacement(await run.stage('t', 'select 2 as a', { method: 'swap' })),
      await run.replacement.prepareReplacement(await run.stage('u', 'select 2 as a', { method: 'swap' })),
    ]
    const publish = () =>
      run.connection.savepoint(async () => {
        for (const one of both) await run.replacement.publishReplacement(one)
      })
    const reader = await run.connect()
    await reader.query(`begin; select * from ${run.schema}.u`)
    await run.connection.begin()
    expect(await refusal(publish())).toMatch(/^lock-timeout: `s\d+\.u`/)
    expect(await run.sql('select t.a as t, v.a as v from t, v')).toEqual([{ t: 1, v: 1 }])
    await reader.query('commit')
    await publish()
    await run.connection.commit()
    expect(await run.sql('select t.a as t, v.a as v from t, v')).toEqual([{ t: 2, v: 2 }])
  })

  it('does not keep rows from being replaced in place', async () => {
    const run = await replacing(database)
    await run.sql('create table t as select 1 as a')
    const reader = await run.connect()
    await reader.query(`begin isolation level repeatable read; select * from ${run.schema}.t`)
    await run.replace('t', 'select 2 as a', { method: 'in_place' })
    expect((await reader.query(`select * from ${run.schema}.t`)).rows).toEqual([{ a: 1 }])
    await reader.query('commit')
    expect((await reader.query(`select * from ${run.schema}.t`)).rows).toEqual([{ a: 2 }])
  })

  it('leaves an index for another run that is not declared any more', async () => {
    const run = await replacing(database)
    const spec = { columns: ['a'], unique: false, type: null, include: [], where: null, name: null }
    const [one, none] = [{ indexes: [spec] }, { indexes: [] }]
    await run.replace('t', 'select 1 as a', { existing: null, storage: one })
    const names = await relations(run)
    const reader = await run.connect()
    await reader.query(`begin; select * from ${run.schema}.t`)
    await run.replace('t', 'select 2 as a', { method: 'in_place', storage: none })
    expect(await relations(run)).toEqual(names)
    await reader.query('commit')
    await run.replace('t', 'select 3 as a', { method: 'in_place', storage: none })
    expect(await relations(run)).toEqual(['t'])
  })

  it("leaves the session's own settings as they were", async () => {
    const run = await replacing(database)
    await run.connection.execute(`set lock_timeout = '7s'`)
    await run.sql('create table t as select 1 as a')
    const replacement = await run.replacement.prepareReplacement(
      await run.stage('t', 'select 2 as a', { method: 'swap' }),
    )
    await run.connection.begin()
    await run.replacement.publishReplacement(replacement)
    const { rows } = await run.connection.query(
      `select current_setting('lock_timeout'), current_setting('search_path')`,
    )
    expect(rows).toEqual([['7s', '"$user", public']])
    await run.connection.commit()
  })
})
