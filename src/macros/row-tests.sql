{{!-- Rows for which the expression is false; null passes, as in dbt_utils. On a column the expression stands behind its
name: `expression: ">= 0"`. --}}
{{#*test expression_is_true model expression column_name=null}}
select *
from {{model}}
where not ({{#unless (is_null column_name)}}{{column_name}} {{/unless}}{{expression}})
{{/test}}

{{!-- Combinations of values that occur more than once, with their number of rows. Nulls equal each other here. --}}
{{#*test unique_combination_of_columns model combination_of_columns quote_columns=false}}
{{set columns=(list)}}
{{#each combination_of_columns as |column|}}
{{#if quote_columns}}{{push columns (identifier column)}}{{else}}{{push columns column}}{{/if}}
{{/each}}
select
  {{join columns ", "}},
  count(*) as n_records
from {{model}}
group by {{join columns ", "}}
having count(*) > 1
{{/test}}

{{!-- One row when the table is empty; on a column also when all its values are null. --}}
{{#*test not_empty model column_name=null}}
{{set counted="*"}}
{{#unless (is_null column_name)}}{{set counted=column_name}}{{/unless}}
select count({{counted}}) as n_rows
from {{model}}
having count({{counted}}) = 0
{{/test}}

{{!-- The latest moment of each group when it is more than `interval` units ago, or when there is none. `as_of` is SQL: the moment to
count from, now unless told otherwise. `ignore_time_component` compares days. --}}
{{#*test recency model field datepart interval ignore_time_component=false group_by_columns=(list) as_of="current_timestamp"}}
{{set type="timestamp"}}
{{#if ignore_time_component}}{{set type="date"}}{{/if}}
with latest as (
  select
  {{#each group_by_columns as |column|}}
    {{column}},
  {{/each}}
    cast(max({{field}}) as {{type}}) as most_recent
  from {{model}}
  {{#if group_by_columns}}
  group by {{join group_by_columns ", "}}
  {{/if}}
)
select
  latest.*,
  cast({{tsdbt.dateadd datepart (mul interval -1) as_of}} as {{type}}) as threshold
from latest
where most_recent is null or most_recent < cast({{tsdbt.dateadd datepart (mul interval -1) as_of}} as {{type}})
{{/test}}

{{!-- Ranges (in a partition) that are upside down, have no beginning, or clash with the next one. An upper bound of null means: still open,
so only the last range may have it. `gaps`: `allowed`, `not_allowed` or `required`. A range without length is bad unless
`zero_length_range_allowed`. --}}
{{#*test mutually_exclusive_ranges model lower_bound_column upper_bound_column partition_by="" gaps="allowed" zero_length_range_allowed=false}}
{{set clashes=(dict allowed=">" not_allowed="<>" required=">=")}}
{{#if (not (in gaps (keys clashes)))}}
{{error (concat "mutually_exclusive_ranges: gaps is `" gaps "`, but it must be allowed, not_allowed or required")}}
{{/if}}
with ranges as (
  select
  {{#if partition_by}}
    {{partition_by}},
  {{/if}}
    {{lower_bound_column}} as lower_bound,
    {{upper_bound_column}} as upper_bound,
    lead({{lower_bound_column}}) over (
      {{#if partition_by}}partition by {{partition_by}} {{/if}}order by {{lower_bound_column}}, {{upper_bound_column}}
    ) as next_lower_bound
  from {{model}}
)
select *
from ranges
where lower_bound is null
  or upper_bound {{#if zero_length_range_allowed}}<{{else}}<={{/if}} lower_bound
  or (next_lower_bound is not null and upper_bound is null)
  or upper_bound {{get clashes gaps}} next_lower_bound
{{/test}}
