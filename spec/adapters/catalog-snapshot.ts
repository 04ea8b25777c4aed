/**
 * Everything in a schema that somebody else may have made, as lines of text without identities. Written for itself: it
 * shares nothing with the query that publishing reads the catalog by.
 */
export function snapshotQuery(schema: string): string {
  const here = `= '${schema}'::regnamespace`
  const acl = (column: string, owner: string) =>
    `array(select case when x.grantee = ${owner} then 'owner' when x.grantee = 0 then 'public' else x.grantee::regrole::text end
      || ':' || x.privilege_type || case when x.is_grantable and x.grantee <> ${owner} then '*' else '' end
      from aclexplode(${column}) x order by 1)`
  return `select line from (
select format('relation %s %s owner=%s %s tablespace=%s options=%s toast=%s rls=%s/%s identity=%s acl=%s comment=%s am=%s',
  c.relkind, c.relname, c.relowner::regrole, c.relpersistence, c.reltablespace, c.reloptions, tc.reloptions, c.relrowsecurity,
  c.relforcerowsecurity, c.relreplident, ${acl('coalesce(c.relacl, acldefault((case c.relkind when $$S$$ then $$s$$ else $$r$$ end)::"char", c.relowner))', 'c.relowner')}, obj_description(c.oid, 'pg_class'), (select amname from pg_am where oid = c.relam)) as line
from pg_class c left join pg_class tc on tc.oid = c.reltoastrelid where c.relnamespace ${here} and c.relkind <> 't'
union all
select format('column %s.%s %s notnull=%s default=%s identity=%s generated=%s statistics=%s storage=%s compression=%s options=%s acl=%s comment=%s',
  c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,
  a.attgenerated, a.attstattarget, a.attstorage, to_jsonb(a) ->> 'attcompression', a.attoptions, ${acl('a.attacl', 'c.relowner')}, col_description(c.oid, a.attnum))
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relnamespace ${here} and c.relkind in ('r', 'p', 'v', 'm')
union all
select format('index %s %s unique=%s clustered=%s replident=%s valid=%s statistics=%s', c.relname, pg_get_indexdef(c.oid), i.indisunique, i.indisclustered, i.indisreplident, i.indisvalid,
  (select string_agg(x.attnum || '=' || x.attstattarget, ' ') from pg_attribute x where x.attrelid = c.oid and x.attstattarget >= 0))
from pg_class c join pg_index i on i.indexrelid = c.oid where c.relnamespace ${here}
union all
select format('constraint %s on %s: %s deferrable=%s/%s valid=%s comment=%s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated, obj_description(k.oid, 'pg_constraint'))
from pg_constraint k where k.connamespace ${here}
union all
select format('trigger %s enabled=%s comment=%s', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))
from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace ${here} and not t.tgisinternal
union all
select format('rule %s enabled=%s comment=%s', pg_get_ruledef(w.oid), w.ev_enabled, obj_description(w.oid, 'pg_rewrite'))
from pg_rewrite w join pg_class c on c.oid = w.ev_class where c.relnamespace ${here}
union all
select format('policy %s on %s %s %s to %s using %s check %s comment=%s', p.polname, p.polrelid::regclass, p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy'))
from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace ${here}
union all
select format('statistics %s target=%s owner=%s comment=%s', pg_get_statisticsobjdef(x.oid), x.stxstattarget, x.stxowner::regrole, obj_description(x.oid, 'pg_statistic_ext'))
from pg_statistic_ext x where x.stxnamespace ${here}
union all
select format('publication %s', to_jsonb(r)) from pg_publication_tables r where r.schemaname = '${schema}'
union all
select format('function %s owner=%s acl=%s', pg_get_functiondef(f.oid), f.proowner::regrole, f.proacl)
from pg_proc f where f.pronamespace ${here}
union all
select format('sequence %s owned by %s.%s start=%s increment=%s max=%s cycle=%s last=%s', s.seqrelid::regclass, d.refobjid::regclass, d.refobjsubid = 0, s.seqstart, s.seqincrement, s.seqmax, s.seqcycle, pg_sequence_last_value(s.seqrelid))
from pg_sequence s join pg_class c on c.oid = s.seqrelid left join pg_depend d on d.objid = s.seqrelid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') where c.relnamespace ${here}
) x order by line`
}
