const RIGHTS = (acl: string, kind: string) => `(
  select coalesce(json_agg(json_build_object('grantor', pg_get_userbyid(x.grantor), 'grantee',
      case x.grantee when 0 then '' else pg_get_userbyid(x.grantee) end,
      'privilege', lower(x.privilege_type), 'grantable', x.is_grantable)
    order by x.grantee = 0, pg_get_userbyid(x.grantee), x.privilege_type), '[]')
  from aclexplode(${acl}) x where ${acl} is not null ${kind})`

const LABELS = (object: string, column: string) => `(
  select coalesce(json_agg(json_build_object('provider', l.provider, 'label', l.label) order by l.provider), '[]')
  from pg_seclabel l where l.classoid = 'pg_class'::regclass and l.objoid = ${object} and l.objsubid = ${column})`

const COLUMN_NAMES = (relation: string, numbers: string) => `(
  select coalesce(json_agg(n.attname order by n.attnum), '[]')
  from pg_attribute n where n.attrelid = ${relation} and n.attnum = any (${numbers}) and n.attnum > 0)`

/** Columns of the relation that another object of the catalog depends on. */
const USED = (catalog: string, object: string) => `(
  select coalesce(json_agg(distinct n.attname), '[]') from pg_attribute n where n.attrelid = c.oid and n.attnum > 0
    and n.attnum in (select d.refobjsubid from pg_depend d where d.classid = '${catalog}'::regclass
      and d.objid = ${object} and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid))`

/** A sequence as `create sequence` would take it; its place in the counting is carried over under the lock. */
const IDENTITY = `(
  select json_build_object('sequence', sc.relname, 'schema', sn.nspname, 'owner', pg_get_userbyid(sc.relowner),
      'rights', case when sc.relacl is null then null else ${RIGHTS('sc.relacl', '')} end,
      'comment', obj_description(sc.oid, 'pg_class'),
      'options', format('start with %s increment by %s minvalue %s maxvalue %s cache %s %s', s.seqstart, s.seqincrement,
        s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then 'cycle' else 'no cycle' end))
  from pg_depend d join pg_class sc on sc.oid = d.objid join pg_namespace sn on sn.oid = sc.relnamespace
    join pg_sequence s on s.seqrelid = sc.oid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid
    and d.refobjsubid = a.attnum and d.deptype = 'i')`

const COLUMNS = `(
  select coalesce(json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
    'default', pg_get_expr(ad.adbin, ad.adrelid), 'identity', a.attidentity,
    'sequence', case when a.attidentity = '' then null else ${IDENTITY} end,
    'generated', a.attgenerated, 'statistics', nullif(a.attstattarget, -1), 'storage', a.attstorage,
    'typeStorage', t.typstorage, 'compression', coalesce(to_jsonb(a) ->> 'attcompression', ''), 'options', a.attoptions,
    'rights', case when a.attacl is null then null else ${RIGHTS('a.attacl', '')} end,
    'comment', col_description(a.attrelid, a.attnum), 'labels', ${LABELS('a.attrelid', 'a.attnum')}
  ) order by a.attnum), '[]')
  from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

const INDEXES = `(
  select coalesce(json_agg(json_build_object(
    'name', ic.relname, 'definition', pg_get_indexdef(i.indexrelid),
    'head', format('CREATE %sINDEX %I ON %s%s ', case when i.indisunique then 'UNIQUE ' else '' end, ic.relname,
      case when ic.relkind = 'I' then 'ONLY ' else '' end, c.oid::regclass),
    'unique', i.indisunique, 'valid', i.indisvalid, 'clustered', i.indisclustered, 'tablespace', its.spcname,
    'comment', obj_description(ic.oid, 'pg_class'),
    'constraint', (select k.conname from pg_constraint k where k.conindid = ic.oid and k.conrelid = c.oid
      and k.contype in ('p', 'u', 'x')),
    'columns', (select coalesce(json_agg(distinct n.attname), '[]') from pg_attribute n where n.attrelid = c.oid and n.attnum > 0
      and (n.attnum = any (i.indkey::int2[]) or n.attnum in (select d.refobjsubid from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = ic.oid and d.refclassid = 'pg_class'::regclass
          and d.refobjid = c.oid))),
    'statistics', (select coalesce(json_agg(json_build_object('position', ia.attnum, 'target', ia.attstattarget)
        order by ia.attnum), '[]') from pg_attribute ia where ia.attrelid = ic.oid and ia.attstattarget >= 0)
  ) order by ic.relname), '[]')
  from pg_index i join pg_class ic on ic.oid = i.indexrelid left join pg_tablespace its on its.oid = ic.reltablespace
  where i.indrelid = c.oid)`

const CONSTRAINTS = `(
  select coalesce(json_agg(json_build_object(
    'name', k.conname, 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid), 'deferrable', k.condeferrable,
    'deferred', k.condeferred, 'validated', k.convalidated, 'inherited', not k.conislocal,
    'temporal', coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false),
    'columns', ${COLUMN_NAMES('c.oid', 'k.conkey')},
    'referencesItself', k.confrelid = c.oid, 'comment', obj_description(k.oid, 'pg_constraint')
  ) order by k.contype, k.conname), '[]')
  from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'f', 'n', 'p', 'u', 'x'))`

const TRIGGERS = `(
  select coalesce(json_agg(json_build_object(
    'name', g.tgname, 'definition', pg_get_triggerdef(g.oid), 'enabled', g.tgenabled,
    'comment', obj_description(g.oid, 'pg_trigger'),
    'firesOnRows', g.tgtype::int & 12 <> 0 and g.tgenabled in ('O', 'A'), 'columns', ${USED('pg_trigger', 'g.oid')}
  ) order by g.tgname), '[]')
  from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)`

const RULES = `(
  select coalesce(json_agg(json_build_object(
    'name', w.rulename, 'definition', rtrim(pg_get_ruledef(w.oid), ';'), 'enabled', w.ev_enabled,
    'comment', obj_description(w.oid, 'pg_rewrite'),
    'firesOnRows', w.ev_type in ('3', '4') and w.ev_enabled in ('O', 'A'), 'columns', ${USED('pg_rewrite', 'w.oid')}
  ) order by w.rulename), '[]')
  from pg_rewrite w where w.ev_class = c.oid and w.ev_type <> '1')`

const POLICIES = `(
  select coalesce(json_agg(json_build_object(
    'name', p.polname, 'permissive', p.polpermissive,
    'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
      else 'all' end,
    'roles', (select coalesce(json_agg(pg_get_userbyid(r.oid) order by r.place), '[]')
      from unnest(p.polroles) with ordinality r(oid, place) where r.oid <> 0),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
    'comment', obj_description(p.oid, 'pg_policy'), 'columns', ${USED('pg_policy', 'p.oid')}
  ) order by p.polname), '[]')
  from pg_policy p where p.polrelid = c.oid)`

const STATISTICS = `(
  select coalesce(json_agg(json_build_object(
    'schema', xn.nspname, 'name', x.stxname, 'definition', pg_get_statisticsobjdef(x.oid),
    'owner', pg_get_userbyid(x.stxowner), 'target', nullif(x.stxstattarget, -1),
    'comment', obj_description(x.oid, 'pg_statistic_ext'),
    'columns', ${USED('pg_statistic_ext', 'x.oid')}
  ) order by x.stxname), '[]')
  from pg_statistic_ext x join pg_namespace xn on xn.oid = x.stxnamespace where x.stxrelid = c.oid)`

const PUBLICATIONS = (version: number) => `(
  select coalesce(json_agg(json_build_object(
    'name', p.pubname, 'mine', pg_has_role(p.pubowner, 'usage'),
    'columns', ${
      version >= 150000
        ? `(select json_agg(n.attname order by n.attnum) from pg_attribute n
      where n.attrelid = c.oid and n.attnum = any (r.prattrs::int2[]))`
        : 'null'
    },
    'where', ${version >= 150000 ? 'pg_get_expr(r.prqual, r.prrelid)' : 'null'}
  ) order by p.pubname), '[]')
  from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = c.oid)`

/** A published table without a replica identity: the server refuses to delete its rows. */
const REFUSES_DELETES = (version: number) => `(
  (c.relreplident = 'n' or c.relreplident = 'd' and not exists (select from pg_index i where i.indrelid = c.oid
    and i.indisprimary and i.indisvalid)) and exists (select from pg_publication p where p.pubdelete and (p.puballtables
    or exists (select from pg_publication_rel r where r.prpubid = p.oid and r.prrelid = c.oid)
    ${version >= 150000 ? 'or exists (select from pg_publication_namespace r where r.pnpubid = p.oid and r.pnnspid = c.relnamespace)' : ''})))`

const SEQUENCES = `(
  select coalesce(json_agg(json_build_object('schema', sn.nspname, 'name', sc.relname, 'column', a.attname)
    order by sc.relname), '[]')
  from pg_depend d join pg_class sc on sc.oid = d.objid and sc.relkind = 'S'
    join pg_namespace sn on sn.oid = sc.relnamespace
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.deptype = 'a')`

const READERS = `(
  select coalesce(json_agg(json_build_object('oid', v.oid, 'columns', v.columns) order by v.oid), '[]')
  from (
    select w.ev_class::bigint as oid, coalesce(json_agg(distinct n.attname) filter (where n.attname is not null), '[]') as columns
    from pg_depend d join pg_rewrite w on w.oid = d.objid and w.ev_type = '1'
      left join pg_attribute n on n.attrelid = d.refobjid and n.attnum = d.refobjsubid and n.attnum > 0
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
      and w.ev_class <> c.oid
    group by w.ev_class) v)`

/** What is part of the relation itself, or is listed under a name of its own, is left out. */
// `offset 0` keeps the planner, which takes the groups for large ones, from reading whole catalogs.
const DEPENDANTS = (version: number) => `(
  select coalesce(json_agg(json_build_object(
    'kind', case
      when d.classid = 'pg_constraint'::regclass and fk.contype = 'f' then 'foreign_key'
      when d.refclassid = 'pg_type'::regclass then 'row_type'
      when d.classid = 'pg_proc'::regclass then 'function'
      when d.classid = 'pg_class'::regclass and dc.relkind in ('r', 'p', 'f') then 'inheritance'
      else 'other' end,
    'description', pg_describe_object(d.classid, d.objid, d.objsubid),
    'definition', case when d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_class'::regclass
      then pg_get_functiondef(pr.oid) end,
    'mine', coalesce(pg_has_role(pr.proowner, 'usage'), true),
    'onDelete', fk.confdeltype, 'columns', ${COLUMN_NAMES('c.oid', 'd.numbers')}
  ) order by pg_describe_object(d.classid, d.objid, d.objsubid)), '[]')
  from (
    select e.classid, e.objid, e.refclassid, case when e.classid = 'pg_class'::regclass then e.objsubid else 0 end as objsubid,
      array_agg(e.refobjsubid::int2) as numbers
    from tree join pg_class tc on tc.oid = tree.oid
      cross join lateral (values ('pg_class'::regclass::oid, tc.oid), ('pg_type'::regclass::oid, tc.reltype),
        ('pg_type'::regclass::oid, (select ty.typarray from pg_type ty where ty.oid = tc.reltype))) own(catalog, oid)
      cross join lateral (select x.* from pg_depend x where x.refclassid = own.catalog and x.refobjid = own.oid
        and x.deptype in ('n', 'a') and own.oid <> 0 offset 0) e
    where tree.root = c.oid
    group by 1, 2, 3, 4) d
  left join lateral (select x.* from pg_constraint x where x.oid = d.objid offset 0) fk
    on d.classid = 'pg_constraint'::regclass
  left join lateral (select x.* from pg_proc x where x.oid = d.objid offset 0) pr on d.classid = 'pg_proc'::regclass
  left join lateral (select x.* from pg_class x where x.oid = d.objid offset 0) dc on d.classid = 'pg_class'::regclass
  where not case d.classid
    when 'pg_type'::regclass then exists (select from pg_type ty join tree on tree.oid = ty.typrelid where ty.oid = d.objid)
    when 'pg_class'::regclass then dc.relkind in ('i', 'I', 't', 'S') or dc.oid in (select oid from tree where root = c.oid)
    when 'pg_attrdef'::regclass then exists (select from pg_attrdef x join tree on tree.oid = x.adrelid where x.oid = d.objid)
    when 'pg_constraint'::regclass then fk.conrelid in (select oid from tree where root = c.oid)
    when 'pg_rewrite'::regclass then exists (select from pg_rewrite w where w.oid = d.objid
      and (w.ev_class = c.oid or w.ev_type = '1' and exists (select from pg_depend g where g.classid = 'pg_rewrite'::regclass
        and g.objid = w.oid and g.refclassid = 'pg_class'::regclass and g.refobjid = c.oid)))
    when 'pg_trigger'::regclass then exists (select from pg_trigger g where g.oid = d.objid and (g.tgisinternal
      or g.tgrelid in (select oid from tree where root = c.oid)))
    when 'pg_policy'::regclass then exists (select from pg_policy p where p.oid = d.objid and p.polrelid = c.oid)
    when 'pg_statistic_ext'::regclass then exists (select from pg_statistic_ext x where x.oid = d.objid and x.stxrelid = c.oid)
    when 'pg_publication_rel'::regclass then true
    ${version >= 150000 ? "when 'pg_publication_namespace'::regclass then true" : ''}
    else false end)`

/**
 * One query for everything about the relations of one schema (`$1`) that have the given names (`$2`), and about all views
 * above them.
 * It has to run without a search path: then all names in definitions are written in full.
 */
export function factsQuery(version: number): string {
  return `with recursive roots as (
  select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = any ($2)
    and c.relkind in ('r', 'p', 'v', 'm', 'f')),
above as (
  select oid from roots
  union
  select w.ev_class from above join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = above.oid
    and d.classid = 'pg_rewrite'::regclass join pg_rewrite w on w.oid = d.objid and w.ev_type = '1'),
tree as (
  select above.oid as root, above.oid from above
  union
  select tree.root, i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
    join pg_class p on p.oid = i.inhrelid and p.relispartition)
select json_build_object('version', ${version}, 'relations', coalesce(json_agg(json_build_object(
  'oid', c.oid::bigint, 'schema', n.nspname, 'name', c.relname, 'fullName', c.oid::regclass::text, 'kind', c.relkind,
  'owner', pg_get_userbyid(c.relowner), 'mine', pg_has_role(c.relowner, 'usage'), 'persistence', c.relpersistence,
  'tablespace', ts.spcname, 'accessMethod', am.amname, 'options', coalesce(to_json(c.reloptions), '[]'),
  'toastOptions', coalesce(to_json(tc.reloptions), '[]'), 'rowSecurity', c.relrowsecurity,
  'forceRowSecurity', c.relforcerowsecurity, 'rowSecurityActive', row_security_active(c.oid),
  'replicaIdentity', c.relreplident,
  'replicaIndex', (select ic.relname from pg_index i join pg_class ic on ic.oid = i.indexrelid
    where i.indrelid = c.oid and i.indisreplident),
  'ofType', c.reloftype <> 0,
  'extension', (select x.extname from pg_depend d join pg_extension x on x.oid = d.refobjid
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'),
  'partitionKey', pg_get_partkeydef(c.oid), 'isPartition', c.relispartition,
  'partitions', (select coalesce(json_agg(json_build_object('schema', pn.nspname, 'name', pc.relname) order by pc.relname), '[]')
    from tree join pg_class pc on pc.oid = tree.oid join pg_namespace pn on pn.oid = pc.relnamespace
    where tree.root = c.oid and tree.oid <> c.oid),
  'parents', (select coalesce(json_agg(i.inhparent::regclass::text), '[]') from pg_inherits i where i.inhrelid = c.oid),
  'rights', case when c.relacl is null then null else ${RIGHTS('c.relacl', '')} end,
  'comment', obj_description(c.oid, 'pg_class'), 'labels', ${LABELS('c.oid', '0')},
  'bytes', (select coalesce(sum(pg_table_size(tree.oid)), 0) from tree where tree.root = c.oid and c.relkind in ('r', 'p', 'm')),
  'populated', c.relispopulated, 'query', case when c.relkind in ('v', 'm') then rtrim(pg_get_viewdef(c.oid), ';') end,
  'columns', ${COLUMNS}, 'indexes', ${INDEXES}, 'constraints', ${CONSTRAINTS}, 'triggers', ${TRIGGERS}, 'rules', ${RULES},
  'policies', ${POLICIES}, 'statistics', ${STATISTICS}, 'publications', ${PUBLICATIONS(version)},
  'refusesDeletes', ${REFUSES_DELETES(version)},
  'sequences', ${SEQUENCES}, 'readers', ${READERS}, 'dependants', ${DEPENDANTS(version)}
)), '[]'))::text
from above join pg_class c on c.oid = above.oid join pg_namespace n on n.oid = c.relnamespace
  left join pg_tablespace ts on ts.oid = c.reltablespace left join pg_am am on am.oid = c.relam
  left join pg_class tc on tc.oid = c.reltoastrelid`
}
