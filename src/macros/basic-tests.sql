{{!-- Values that occur more than once, with their number of rows. Nulls are no duplicates. --}}
{{#*test unique model column_name}}
select
  {{column_name}} as unique_field,
  count(*) as n_records
from {{model}}
where {{column_name}} is not null
group by {{column_name}}
having count(*) > 1
{{/test}}

{{!-- Rows without a value. --}}
{{#*test not_null model column_name}}
select *
from {{model}}
where {{column_name}} is null
{{/test}}

{{!-- Values that are not in the list, with their number of rows. Nulls pass. With `quote: false` the values are SQL. --}}
{{#*test accepted_values model column_name values quote=true}}
{{set accepted=(list)}}
{{#each values as |value|}}
{{#unless (is_null value)}}
{{#if quote}}{{push accepted (literal (string value))}}{{else}}{{push accepted (string value)}}{{/if}}
{{/unless}}
{{/each}}
select
  {{column_name}} as value_field,
  count(*) as n_records
from {{model}}
where {{column_name}} {{#if accepted}}not in ({{join accepted ", "}}){{else}}is not null{{/if}}
group by {{column_name}}
{{/test}}

{{!-- Values that the other relation's column lacks, one row for each row that refers to nothing. Nulls pass. --}}
{{#*test relationships model column_name to field}}
with child as (
  select {{column_name}} as from_field
  from {{model}}
  where {{column_name}} is not null
),
parent as (
  select {{field}} as to_field
  from {{to}}
)
select child.from_field
from child
left join parent on child.from_field = parent.to_field
where parent.to_field is null
{{/test}}
