{{!-- One aggregate for each of the values, as columns of a select list: rows into columns. `values` are plain values, not SQL, and may hold
apostrophes; each column bears the name of its value between `prefix` and `suffix`. `else_value=null` leaves other rows out. --}}
{{#*macro pivot column values alias=true agg="sum" cmp="=" prefix="" suffix="" then_value=1 else_value=0 quote_identifiers=true distinct=false}}
{{#each values sep="," as |value|}}
  {{agg}}({{#if distinct}}distinct {{/if}}case when {{column}} {{cmp}} {{literal value}} then {{then_value}}{{#unless (is_null else_value)}} else {{else_value}}{{/unless}} end)
{{~#if alias}} as {{#if quote_identifiers}}{{identifier (concat prefix value suffix)}}{{else}}{{prefix}}{{value}}{{suffix}}{{/if}}{{/if}}
{{/each}}
{{/macro}}

{{!-- A query that turns columns into rows: one row for each row and column of the relation, with the name in `field_name` and the
value, cast to `cast_to`, in `value_name`. Columns in `exclude` stay beside them, those in `remove` are dropped. --}}
{{#*macro unpivot relation cast_to="text" exclude=(list) remove=(list) field_name="field_name" value_name="value" quote_identifiers=true}}
{{set kept=(list)}}
{{set turned=(list)}}
{{set kept_names=(tsdbt._lowered exclude)}}
{{set removed_names=(tsdbt._lowered remove)}}
{{#each (columns_of relation) as |column|}}
{{#if (in (lower column) kept_names)}}{{push kept column}}
{{else if (not (in (lower column) removed_names))}}{{push turned column}}
{{/if}}
{{/each}}
{{#each turned as |column|}}
{{#unless @first}}
union all
{{/unless}}
select
{{#each kept as |name|}}
  {{#if quote_identifiers}}{{identifier name}}{{else}}{{name}}{{/if}},
{{/each}}
  cast({{literal column}} as text) as {{field_name}},
  cast({{#if quote_identifiers}}{{identifier column}}{{else}}{{column}}{{/if}} as {{cast_to}}) as {{value_name}}
from {{relation}}
{{else}}
select
{{#each exclude as |name|}}
  {{name}},
{{/each}}
  cast(null as text) as {{field_name}},
  cast(null as {{cast_to}}) as {{value_name}}
from {{relation}}
where false
{{/each}}
{{/macro}}
