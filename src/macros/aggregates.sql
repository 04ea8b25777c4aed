{{!-- The values of a group joined to one text; nulls are left out. Delimiter and order are SQL: `"', '"`, `"name"` or
`"order by name"`. `limit_num` takes the first so many values only. --}}
{{#*macro string_agg measure delimiter_text="','" order_by_clause="" limit_num=null distinct=false}}
{{set order=(trim order_by_clause)}}
{{#if order}}
{{#if (ne (first (split (lower order) "order by")) "")}}{{set order=(concat "order by " order)}}{{/if}}
{{set order=(concat " " order)}}
{{/if}}
{{set value=(concat "cast(" measure " as text)")}}
{{#if distinct}}{{set value=(concat "distinct " value)}}{{/if}}
{{#if (is_null limit_num)}}
string_agg({{value}}, {{delimiter_text}}{{order}})
{{else}}
array_to_string((array_agg({{value}}{{order}}) filter (where {{measure}} is not null))[1:{{limit_num}}], {{delimiter_text}})
{{/if}}
{{/macro}}

{{!-- `string_agg` by the name and with the arguments of dbt. --}}
{{#*macro listagg measure delimiter_text="','" order_by_clause="" limit_num=null}}
{{tsdbt.string_agg measure delimiter_text=delimiter_text order_by_clause=order_by_clause limit_num=limit_num}}
{{/macro}}

{{!-- The values of a group as an array, nulls included; null for no rows. It takes `over (…)` behind it, too. --}}
{{#*macro array_agg expression order_by="" distinct=false}}
array_agg({{#if distinct}}distinct {{/if}}{{expression}}{{#if order_by}} order by {{order_by}}{{/if}})
{{/macro}}

{{!-- Some value of a group that is not null. --}}
{{#*macro duckdb.any_value expression}}
any_value({{expression}})
{{/macro}}

{{!-- Before Postgres 16 there is no any_value. --}}
{{#*macro postgres.any_value expression}}
(array_agg({{expression}}) filter (where {{expression}} is not null))[1]
{{/macro}}

{{!-- Whether the condition holds for at least one row of a group; null when it is null for all. --}}
{{#*macro bool_or expression}}
bool_or({{expression}})
{{/macro}}

{{!-- The percentile of a group, interpolated, as a double; nulls are left out. The fraction lies between 0 and 1. --}}
{{#*macro percentile expression fraction}}
percentile_cont({{fraction}}) within group (order by cast({{expression}} as double precision))
{{/macro}}

{{!-- The median of a group as a double; nulls are left out. --}}
{{#*macro median expression}}
{{tsdbt.percentile expression 0.5}}
{{/macro}}
