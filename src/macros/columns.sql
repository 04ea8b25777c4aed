{{!-- Names in lower case, to compare them as engines do. --}}
{{#*macro _lowered names}}
{{set lowered=(list)}}
{{#each names as |name|}}{{push lowered (lower name)}}{{/each}}
{{return lowered}}
{{/macro}}

{{!-- The names of a relation's columns as a list, in their order, without those named in `except` (whatever their case). --}}
{{#*macro get_filtered_columns_in_relation from except=(list)}}
{{set left_out=(tsdbt._lowered except)}}
{{set kept=(list)}}
{{#each (columns_of from) as |column|}}
{{#unless (in (lower column) left_out)}}{{push kept column}}{{/unless}}
{{/each}}
{{return kept}}
{{/macro}}

{{!-- The columns of a relation for a select list, without those named in `except`; `*` while its columns are unknown.
`prefix` and `suffix` rename them. --}}
{{#*macro star from relation_alias="" except=(list) prefix="" suffix="" quote_identifiers=true}}
{{set qualifier=""}}
{{#if relation_alias}}{{set qualifier=(concat relation_alias ".")}}{{/if}}
{{#if (columns_of from)}}
{{#each (tsdbt.get_filtered_columns_in_relation from except) sep="," as |column|}}
  {{qualifier}}{{#if quote_identifiers}}{{identifier column}}{{else}}{{column}}{{/if}}{{#if (or prefix suffix)}} as {{identifier (concat prefix column suffix)}}{{/if}}
{{else}}
{{error (concat "star: no column of " from " is left")}}
{{/each}}
{{else}}
{{qualifier}}*
{{/if}}
{{/macro}}

{{!-- The distinct values of a column as a list, the most frequent first, without nulls; `default` when there are none, and while
parsing. `where`, `order_by` and `column` are SQL. --}}
{{#*macro get_column_values table column order_by="count(*) desc, 1" max_records=null default=(list) where=""}}
{{#capture "sql"}}
select {{column}} as value
from {{table}}
where {{column}} is not null{{#if where}} and ({{where}}){{/if}}
group by 1
order by {{order_by}}
{{#unless (is_null max_records)}}
limit {{max_records}}
{{/unless}}
{{/capture}}
{{set found=(pluck (query sql) "value")}}
{{return (iif found found default)}}
{{/macro}}
