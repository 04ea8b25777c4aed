{{!-- Values that are in the list, with their number of rows. With `quote: false` the values are SQL. --}}
{{#*test not_accepted_values model column_name values quote=true}}
{{set refused=(list)}}
{{#each values as |value|}}
{{#unless (is_null value)}}
{{#if quote}}{{push refused (literal (string value))}}{{else}}{{push refused (string value)}}{{/if}}
{{/unless}}
{{/each}}
select
  {{column_name}} as value_field,
  count(*) as n_records
from {{model}}
where {{#if refused}}{{column_name}} in ({{join refused ", "}}){{else}}false{{/if}}
group by {{column_name}}
{{/test}}

{{!-- Rows whose value lies outside the bounds, which are SQL: a number, `current_date`, another column. Nulls pass. --}}
{{#*test accepted_range model column_name min_value=null max_value=null inclusive=true}}
{{#if (and (is_null min_value) (is_null max_value))}}
{{error "accepted_range needs min_value, max_value or both"}}
{{/if}}
select *
from {{model}}
where
{{#unless (is_null min_value)}}
  {{column_name}} {{#if inclusive}}<{{else}}<={{/if}} {{min_value}}
{{/unless}}
{{#unless (is_null max_value)}}
  {{#unless (is_null min_value)}}or {{/unless}}{{column_name}} {{#if inclusive}}>{{else}}>={{/if}} {{max_value}}
{{/unless}}
{{/test}}

{{!-- Rows whose text is empty, or blank unless `trim_whitespace` is false. Nulls pass. --}}
{{#*test not_empty_string model column_name trim_whitespace=true}}
select *
from {{model}}
where {{#if trim_whitespace}}trim({{column_name}}){{else}}{{column_name}}{{/if}} = ''
{{/test}}

{{!-- Rows that do not follow the one before by `interval`: numbers, or dates and times with a `datepart`. Nulls are left out. --}}
{{#*test sequential_values model column_name interval=1 datepart=null group_by_columns=(list)}}
with ordered as (
  select
  {{#each group_by_columns as |column|}}
    {{column}},
  {{/each}}
    {{column_name}} as current_value,
    lag({{column_name}}) over ({{#if group_by_columns}}partition by {{join group_by_columns ", "}} {{/if}}order by {{column_name}}) as previous_value
  from {{model}}
  where {{column_name}} is not null
)
select *
from ordered
where previous_value is not null
{{#if datepart}}
  and cast(current_value as timestamp) <> {{tsdbt.dateadd datepart interval "previous_value"}}
{{else}}
  and current_value <> previous_value + {{interval}}
{{/if}}
{{/test}}

{{!-- The share of rows with a value, when it lies outside the bounds: `at_least: 0.95`. An empty table passes. --}}
{{#*test not_null_proportion model column_name at_least at_most=1 group_by_columns=(list)}}
with proportions as (
  select
  {{#each group_by_columns as |column|}}
    {{column}},
  {{/each}}
    cast(count({{column_name}}) as double precision) / nullif(count(*), 0) as not_null_proportion
  from {{model}}
  {{#if group_by_columns}}
  group by {{join group_by_columns ", "}}
  {{/if}}
)
select *
from proportions
where not_null_proportion < {{at_least}} or not_null_proportion > {{at_most}}
{{/test}}

{{!-- One row when the column (in a group) has no value at all. --}}
{{#*test at_least_one model column_name group_by_columns=(list)}}
select
{{#each group_by_columns as |column|}}
  {{column}},
{{/each}}
  count({{column_name}}) as n_values
from {{model}}
{{#if group_by_columns}}
group by {{join group_by_columns ", "}}
{{/if}}
having count({{column_name}}) = 0
{{/test}}

{{!-- One row when the column (in a group) has the same value everywhere. --}}
{{#*test not_constant model column_name group_by_columns=(list)}}
select
{{#each group_by_columns as |column|}}
  {{column}},
{{/each}}
  count(distinct {{column_name}}) as n_values
from {{model}}
{{#if group_by_columns}}
group by {{join group_by_columns ", "}}
{{/if}}
having count(distinct {{column_name}}) = 1
{{/test}}
