{{!-- The statements that set up two roles with as few rights as they need: `writer` owns the schemas that tsdbt fills (`write`, and
`tsdbt_state`), `reader` may look into the schemas of `read` and write nowhere. Neither can log in: an administrator grants them
to those who can. Which relations the reader sees is said by `grants` on the models. For `tsdbt run-operation`; may be repeated. --}}
{{#*macro set_up_roles writer reader write=(list) read=(list)}}
{{error (concat "set_up_roles: there are no roles on " target.type)}}
{{/macro}}

{{#*macro postgres.set_up_roles writer reader write=(list) read=(list)}}
{{set roles=(pluck (query "select rolname from pg_roles") "rolname")}}
{{#each (unique (list writer reader)) as |role|}}
{{#unless (in role roles)}}
create role {{identifier role}} nologin;
{{/unless}}
{{/each}}
{{#unless (pluck (query "select 1 as one from pg_roles where rolname = current_user and rolsuper") "one")}}
grant {{identifier writer}} to current_user;
{{/unless}}
grant connect on database {{identifier target.database}} to {{identifier writer}}, {{identifier reader}};
{{set schemas=(pluck (query "select nspname from pg_namespace") "nspname")}}
{{set owned=(list "tsdbt_state")}}
{{#each write as |schema|}}{{push owned schema}}{{/each}}
{{#each (unique owned) as |schema|}}
{{#if (in schema schemas)}}
grant usage, create on schema {{identifier schema}} to {{identifier writer}};
{{else}}
create schema {{identifier schema}} authorization {{identifier writer}};
{{/if}}
{{/each}}
{{#each read as |schema|}}
grant usage on schema {{identifier schema}} to {{identifier reader}};
{{/each}}
{{/macro}}
