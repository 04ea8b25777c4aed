{{!-- A query of all rows of several relations, whose columns are matched by name, whatever their case; a column that one lacks is null.
`include` or `exclude` chooses columns, `column_override` gives types by name, `where` is SQL for each part. The relation that a
row came from stands in `source_column_name`; null leaves that column out. --}}
{{#*macro union_relations relations column_override=(dict) include=(list) exclude=(list) source_column_name="_dbt_source_relation" where=""}}
{{set columns=(tsdbt._columns_of_union relations include exclude)}}
{{#each relations as |relation|}}
{{#unless @first}}
union all
{{/unless}}
select
{{#unless (is_null source_column_name)}}
  cast({{literal (tsdbt._relation_text relation)}} as text) as {{identifier source_column_name}},
{{/unless}}
{{#each columns sep="," as |column|}}
{{set type=(get column_override column "")}}
{{set spelling=(tsdbt._spelling column (columns_of relation))}}
{{#if (and spelling type)}}
  cast({{identifier spelling}} as {{type}}) as {{identifier column}}
{{else if spelling}}
  {{identifier spelling}}{{#if (ne spelling column)}} as {{identifier column}}{{/if}}
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

{{!-- A name as it is written in a list, whatever its case; empty text when it is not there. --}}
{{#*macro _spelling name names}}
{{set key=(lower name)}}
{{#each names as |candidate|}}
{{#if (eq (lower candidate) key)}}{{return candidate}}{{/if}}
{{/each}}
{{return ""}}
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
{{get relation "published"}}
{{/macro}}

{{!-- A null in place of a column that a relation lacks. --}}
{{#*macro duckdb._missing_column column relations}}
null
{{/macro}}

{{!-- Postgres takes a bare null in a union for text, so the null borrows its type from the first relation that has the column. --}}
{{#*macro postgres._missing_column column relations}}
{{#each relations as |relation|}}
{{set spelling=(tsdbt._spelling column (columns_of relation))}}
{{#if spelling}}{{return (concat "(select " (identifier spelling) " from " relation " where false)")}}{{/if}}
{{/each}}
{{/macro}}
