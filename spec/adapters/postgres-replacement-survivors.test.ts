import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplaceMethod } from '../../src/adapters/replacement.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { snapshotQuery } from './catalog-snapshot.ts'
import { type Replacing, refusal, replacing } from './replacing.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
  for (const role of ['spec_builder', 'spec_reader', 'spec_auditor', 'spec_stranger'])
    await database.sql(
      `do $$ begin create role ${role} login; exception when duplicate_object or unique_violation then null; end $$`,
    )
  await database.sql(`grant create on database ${database.target.dbname} to spec_builder`)
})
afterAll(() => database.drop())

/** What stands before: `t` has the columns of `rows`. */
const table = 'create table t (id int, name text, amount numeric(10,2))'
const rows = `select x as id, 'n' || x as name, x::numeric(10,2) as amount from generate_series(1, 3) x`

type Outcome = 'kept' | RegExp
interface Survivor {
  readonly what: string
  readonly setup: string
  /** By the administrator instead of the owner. */
  readonly asAdmin?: string
  readonly from?: number
  readonly swap?: Outcome
  readonly inPlace?: Outcome
  readonly auto?: Outcome
  /** A superuser cannot keep it either. */
  readonly keptFor?: 'none'
}

const survivors: readonly Survivor[] = [
  { what: 'nothing but rows', setup: table },
  {
    what: 'rights',
    setup: `${table}; grant select on t to public; grant select, insert on t to spec_reader with grant option; grant all on t to spec_auditor; revoke truncate on t from spec_auditor`,
  },
  {
    what: 'rights that the owner gave up',
    setup: `${table}; revoke update on t from current_user; grant select on t to spec_reader`,
  },
  {
    what: 'rights of columns',
    setup: `${table}; grant select (id, name), update (amount) on t to spec_reader; grant insert (id) on t to spec_auditor with grant option`,
  },
  {
    what: 'comments',
    setup: `${table}; comment on table t is 'it''s a \\ table'; comment on column t.name is 'the "name"'`,
  },
  {
    what: 'indexes',
    setup: `${table}; create unique index "T one" on t (id); create index on t (lower(name) desc nulls last, amount) include (id) where amount > 1 and name <> 'x)';
      create index th on t using hash (name); create index tf on t (name text_pattern_ops) with (fillfactor = 70); comment on index tf is 'mine'; create index te on t ((id + 1));
      alter index te alter column 1 set statistics 77; alter table t cluster on tf`,
  },
  {
    what: 'constraints',
    setup: `create table t (id int constraint pk primary key, name text constraint nn not null, amount numeric(10,2) default 1 + 1, constraint uq unique (name, id) include (amount) deferrable initially deferred,
      constraint ck check (amount > 0) not valid, constraint ck2 check (length(name) > 0) no inherit); comment on constraint pk on t is 'key'; comment on constraint ck2 on t is 'long'`,
  },
  {
    what: 'exclusion',
    setup: `create table t (id int, name text, amount numeric(10,2), constraint ex exclude using btree (id with =) where (id > 0) deferrable)`,
  },
  {
    what: 'foreign keys of its own',
    setup: `create table parent (id int primary key); insert into parent select generate_series(1, 9); create table t (id int references parent on delete cascade, name text, amount numeric(10,2))`,
  },
  {
    what: 'foreign keys to itself',
    setup: `create table t (id int primary key, name text, amount numeric(10,2) ); alter table t add constraint self foreign key (id) references t (id)`,
  },
  {
    what: 'tuning of columns',
    setup: `${table}; alter table t alter name set statistics 500, alter name set storage external, alter id set (n_distinct = -0.5), alter name set default 'x', alter id set default 7`,
  },
  { what: 'compression', from: 140000, setup: `${table}; alter table t alter name set compression pglz` },
  {
    what: 'options of storage',
    setup: `${table}; alter table t set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = off, parallel_workers = 2)`,
  },
  {
    what: 'an access method',
    from: 150000,
    setup: table,
    asAdmin: `create access method heap_$S type table handler heap_tableam_handler; alter table t set access method heap_$S; alter table t set (fillfactor = 90)`,
  },
  {
    what: 'an index that is not valid',
    setup: `${table}; create index broken on t (name)`,
    asAdmin: `update pg_index set indisvalid = false where indexrelid = '$S.broken'::regclass`,
    swap: /index broken: it is not valid/,
    keptFor: 'none',
  },
  {
    what: 'extended statistics',
    setup: `${table}; create statistics st (ndistinct, dependencies) on id, name from t; comment on statistics st is 'why'; alter statistics st set statistics 300`,
  },
  {
    what: 'policies',
    setup: `${table}; alter table t enable row level security; create policy "P 1" on t for select to spec_reader, spec_auditor using (id > 1); create policy p2 on t as restrictive for insert with check (name <> 'x' and id in (select id from t)); comment on policy p2 on t is 'strict'`,
  },
  {
    what: 'a replica identity',
    setup: `${table}; alter table t alter id set not null; create unique index ri on t (id); alter table t replica identity using index ri`,
  },
  { what: 'a full replica identity', setup: `${table}; alter table t replica identity full` },
  {
    what: 'views',
    setup: `${table}; create view v with (security_barrier) as select id, name from t where id > 0; create view w as select v.*, t.amount from v join t using (id);
      create view "X" as select count(*) as n from w; alter view v alter name set default 'd'; grant select on v to spec_reader; grant select (id) on w to spec_auditor; comment on view w is 'above'; comment on column w.id is 'column';
      create view checked as select * from t where id > 1 with local check option`,
  },
  {
    what: 'a view that invokes as its user',
    from: 150000,
    setup: `${table}; create view v with (security_invoker = true) as select * from t`,
  },
  {
    what: 'a view with a whole row',
    setup: `${table}; create view v as select t, id from t`,
    swap: /column t of view v|v: /,
  },
  {
    what: 'a materialized view above a view',
    setup: `${table}; create view v as select id from t; create materialized view m as select * from v; create index on m (id); comment on materialized view m is 'm'`,
  },
  {
    what: 'a materialized view',
    setup: `${table}; create materialized view m as select id from t; create unique index on m (id)`,
    swap: /materialized view s\d+\.m: it would have to be filled again/,
  },
  {
    what: 'foreign keys that refer to it',
    setup: `create table t (id int primary key, name text, amount numeric(10,2)); insert into t values (1), (2), (3); create table child (t int references t); insert into child values (2)`,
    swap: /constraint child_t_fkey on table s\d+\.child: its rows refer to this table.*/,
  },
  {
    what: 'foreign keys that delete',
    setup: `create table t (id int primary key, name text, amount numeric(10,2)); create table child (t int references t on delete cascade)`,
    swap: /child_t_fkey/,
    inPlace:
      /cannot be replaced in place: constraint child_t_fkey on table s\d+\.child: deleting rows would reach its rows, too/,
    auto: /child_t_fkey.*child_t_fkey/,
  },
  {
    what: 'triggers',
    setup: `${table}; create function f() returns trigger language plpgsql as 'begin raise exception $x$fired$x$; end'; create trigger g before insert or delete on t for each row when (current_setting('application_name') <> 'x') execute function f();
      create constraint trigger c after update of name on t deferrable initially deferred for each row execute function f(); alter table t disable trigger c; comment on trigger g on t is 'guard'`,
    inPlace: /trigger g: it would fire for every row/,
  },
  {
    what: 'triggers that see no new rows',
    setup: `${table}; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g after update on t execute function f()`,
  },
  {
    what: 'rules',
    setup: `${table}; create table log (id int); create rule r as on delete to t do also (insert into log values (old.id); insert into log values (old.id + 1)); comment on rule r on t is 'rule'`,
    inPlace: /rule r: it would change what is written/,
  },
  {
    what: 'functions that name it',
    from: 140000,
    setup: `${table}; create function n() returns bigint stable language sql begin atomic select count(*) from t; select count(id) from t where name <> ';'; end; grant execute on function n() to spec_reader; revoke execute on function n() from public`,
  },
  {
    what: 'functions that take its rows',
    setup: `${table}; create function r(t) returns int language sql as 'select 1'`,
    swap: /function s\d+\.r\(s\d+\.t\): it uses the row type/,
  },
  {
    what: 'columns of its row type',
    setup: `${table}; create table holder (h t, hs t[])`,
    swap: /column h of table s\d+\.holder.*column hs of table/,
  },
  {
    what: 'children',
    setup: `${table}; create table child () inherits (t)`,
    swap: /table s\d+\.child: it inherits from the table/,
  },
  {
    what: 'parents',
    setup: `create table parent (id int); create table t (name text, amount numeric(10,2)) inherits (parent)`,
    swap: /it inherits from s\d+\.parent/,
  },
  {
    what: 'being a partition',
    setup: `create table parent (id int, name text, amount numeric(10,2)) partition by range (id); create table t partition of parent for values from (0) to (100)`,
    swap: /it is a partition of s\d+\.parent/,
  },
  {
    what: 'a sequence',
    setup: `create table t (id serial, name text, amount numeric(10,2)); select setval('t_id_seq', 40)`,
  },
  {
    what: 'identities',
    setup: `create table t (id int generated always as identity (start 5 increment 5 maxvalue 900 cycle), name text, amount numeric(10,2)); select nextval('t_id_seq'); grant usage on sequence t_id_seq to spec_reader`,
  },
  {
    what: 'generated columns beside those of the model',
    setup: `create table t (id int, name text, amount numeric(10,2), twice int generated always as (id * 2) stored); create index on t (twice); comment on column t.twice is 'made'; grant select (twice) on t to spec_reader`,
  },
  { what: 'publications', setup: `${table}; create publication "pub $S" for table t with (publish = 'insert')` },
  {
    what: 'publications without a replica identity',
    setup: `${table}; create publication "pub $S" for table t`,
    inPlace: /table s\d+\.t: it is published, and has no replica identity/,
  },
  {
    what: 'publications of columns and rows',
    from: 150000,
    setup: `${table}; alter table t alter id set not null; create unique index i on t (id); alter table t replica identity using index i; create publication pub2_$S for table t (id, name) where (id > 2)`,
  },
  {
    what: 'publications of others',
    setup: `${table}; alter table t replica identity full`,
    asAdmin: 'create publication pub3_$S for table t',
    swap: /publication pub3_s\d+: the table is published in it/,
  },
  {
    what: 'views of others',
    setup: `${table}; grant select on t to spec_stranger`,
    asAdmin: 'create view v as select id from t; alter view v owner to spec_stranger',
    swap: /view s\d+\.v: it belongs to `spec_stranger`/,
  },
]

async function check(
  run: Replacing,
  { setup, asAdmin = '', ...wanted }: Survivor,
  role: string | null,
  method: ReplaceMethod,
) {
  await run.sql(
    `${role === null ? '' : `set role ${role};`} ${setup}; reset role; ${asAdmin}`.replaceAll('$S', run.schema),
  )
  const before = await run.sql(snapshotQuery(run.schema))
  const outcome: Outcome = { in_place: wanted.inPlace, swap: wanted.swap, auto: wanted.auto }[method] ?? 'kept'
  // A superuser has everybody's rights.
  const kept = outcome === 'kept' || (role === null && asAdmin !== '' && wanted.keptFor !== 'none')
  if (kept) await run.replace('t', rows, { method })
  else {
    expect(await refusal(run.replace('t', rows, { method }))).toMatch(outcome)
    await run.sql(
      `do $$ declare r text; begin for r in select relname from pg_class where relnamespace = '${run.schema}'::regnamespace and relname like 't\\_\\_tsdbt%' and relkind = 'r' loop execute 'drop table ' || r; end loop; end $$`,
    )
  }
  expect(await run.sql(snapshotQuery(run.schema))).toEqual(before)
  if (kept) expect(await run.sql('select id, name, amount from only t order by id')).toHaveLength(3)
}

const runs = [
  { role: 'spec_builder', method: 'in_place' },
  { role: 'spec_builder', method: 'swap' },
  { role: null, method: 'auto' },
] as const

describe.each(runs)('as $role by $method', ({ role, method }) => {
  it.each(survivors.map((s) => [s.what, s] as const))('keeps %s', async (_, survivor) => {
    const run = await replacing(database, role)
    if (run.connection.serverVersion < (survivor.from ?? 0)) return
    await check(run, survivor, role, method)
  })
})
