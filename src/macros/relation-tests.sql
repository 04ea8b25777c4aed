{{!-- `relationships` between those rows of either side for which a condition, in SQL, holds. --}}
{{#*test relationships_where model column_name to field from_condition="true" to_condition="true"}}
with child as (
  select {{column_name}} as from_field
  from {{model}}
  where {{column_name}} is not null and ({{from_condition}})
),
parent as (
  select {{field}} as to_field
  from {{to}}
  where {{to_condition}}
)
select child.from_field
from child
left join parent on child.from_field = parent.to_field
where parent.to_field is null
{{/test}}

{{!-- Values (nulls included) that occur in the two columns a different number of times, with both numbers. --}}
{{#*test cardinality_equality model column_name to field}}
with these as (
  select {{column_name}} as value_field, count(*) as n_records
  from {{model}}
  group by {{column_name}}
),
others as (
  select {{field}} as value_field, count(*) as n_records
  from {{to}}
  group by {{field}}
)
select
  value_field,
  sum(n_records) as n_records,
  sum(n_other_records) as n_other_records
from (
  select value_field, n_records, 0 as n_other_records from these
  union all
  select value_field, 0, n_records from others
) as counts
group by value_field
having sum(n_records) <> sum(n_other_records)
{{/test}}

{{!-- Both numbers of rows (for each group) when they differ. --}}
{{#*test equal_rowcount model compare_model group_by_columns=(list)}}
{{tsdbt._rows_beside model compare_model group_by_columns}}
having sum(n_rows) <> sum(n_compared)
{{/test}}

{{!-- Both numbers of rows (for each group) when the model does not have fewer than the other. --}}
{{#*test fewer_rows_than model compare_model group_by_columns=(list)}}
{{tsdbt._rows_beside model compare_model group_by_columns}}
having sum(n_rows) >= sum(n_compared)
{{/test}}

{{!-- A grouped query of `n_rows` and `n_compared`; one row, also of two empty tables, when there are no groups. --}}
{{#*macro _rows_beside model compare_model group_by_columns}}
{{#capture "groups"}}{{#each group_by_columns as |column|}}{{column}}, {{/each}}{{/capture}}
select {{groups}}sum(n_rows) as n_rows, sum(n_compared) as n_compared
from (
  select {{groups}}count(*) as n_rows, 0 as n_compared
  from {{model}}
{{#if group_by_columns}}
  group by {{join group_by_columns ", "}}
{{/if}}
  union all
  select {{groups}}0 as n_rows, count(*) as n_compared
  from {{compare_model}}
{{#if group_by_columns}}
  group by {{join group_by_columns ", "}}
{{/if}}
) as counts
{{#if group_by_columns}}
group by {{join group_by_columns ", "}}
{{/if}}
{{/macro}}

{{!-- Rows that only one of two relations has, marked with the side; a row that occurs more often on one side counts. Columns are those of
`compare_columns`, or all of the model's without `exclude_columns`. --}}
{{#*test equality model compare_model compare_columns=(list) exclude_columns=(list)}}
{{#capture "columns"}}
{{#if compare_columns}}{{join compare_columns ", "}}{{else}}{{tsdbt.star model except=exclude_columns}}{{/if}}
{{/capture}}
with these as (
  select {{columns}} from {{model}}
),
others as (
  select {{columns}} from {{compare_model}}
)
select 'only in the model' as which_side, extra.*
from (select * from these except all select * from others) as extra
union all
select 'only in the other' as which_side, missing.*
from (select * from others except all select * from these) as missing
{{/test}}
