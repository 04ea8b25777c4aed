{{!-- A query of all rows of several relations, whose columns are matched by name, whatever their case; a column that one lacks is null.
`include` or `exclude` chooses columns, `column_override` gives types by name, `where` is SQL for each part. The relation that a
row came from stands in `source_column_name`; null leaves that column out. --}}
{{#*macro union_relations relations column_override=(dict) include=(list) exclude=(list) source_column_name="_dbt_source_relation" where=""}}
{{set columns=(tsdbt._columns_of_union relations include exclude)}}
{{#each relations sep="union all" as |relation|}}
{{set own=(columns_of relation)}}
{{set own_lowered=(tsdbt._lowered own)}}
select
{{#unless (is_null source_column_name)}}
  cast({{literal (tsdbt._relation_text relation)}} as text) as {{identifier source_column_name}},
{{/unless}}
{{#each columns sep="," as |column|}}
{{set type=(get column_override column "")}}
{{#if (in (lower column) own_lowered)}}
  {{#if type}}cast({{identifier column}} as {{type}}) as {{identifier column}}{{else}}{{identifier column}}{{/if}}
{{else if type}}
  cast(null as {{type}}) as {{identifier column}}
{{else}}
  {{tsdbt._missing_column column relations}} as {{identifier column}}
{{/if}}
{{/each}}
{{#unless columns}}
  *
{{/unless}}
from {{relation}}
{{#if where}}
where {{where}}
{{/if}}
{{/each}}
{{/macro}}

{{!-- The names of all columns that a union has, each as it is written first. --}}
{{#*macro _columns_of_union relations include exclude}}
{{set wanted=(tsdbt._lowered include)}}
{{set left_out=(tsdbt._lowered exclude)}}
{{set columns=(list)}}
{{set seen=(list)}}
{{#each relations as |relation|}}
{{#each (columns_of relation) as |column|}}
{{set key=(lower column)}}
{{#unless (or (in key seen) (in key left_out) (and wanted (not (in key wanted))))}}
{{push columns column}}
{{push seen key}}
{{/unless}}
{{/each}}
{{/each}}
{{return columns}}
{{/macro}}

{{!-- The full name of a relation as plain text, whatever name it bears while it is being built. --}}
{{#*macro _relation_text relation}}
{{identifier relation.database}}.{{identifier relation.schema}}.{{identifier relation.identifier}}
{{/macro}}

{{!-- A null in place of a column that a relation lacks. --}}
{{#*macro duckdb._missing_column column relations}}
null
{{/macro}}

{{!-- Postgres takes a bare null in a union for text, so the null borrows its type from the first relation that has the column. --}}
{{#*macro postgres._missing_column column relations}}
{{set owners=(list)}}
{{#each relations as |relation|}}
{{#if (in (lower column) (tsdbt._lowered (columns_of relation)))}}{{push owners relation}}{{/if}}
{{/each}}
(select {{identifier column}} from {{first owners}} where false)
{{/macro}}
