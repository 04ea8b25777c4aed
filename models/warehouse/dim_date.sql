{{!-- One row a day from the first day that any source names to the last, whole years, so that no fact is without its day. --}}
with named as (
  select min(order_date) as first_day, max(order_date) as last_day from {{ref "stg_shop__orders"}}
  union all
  select min(event_date), max(event_date) from {{ref "stg_shop__clickstream"}}
  union all
  select min(snapshot_date), max(snapshot_date) from {{ref "stg_shop__inventory"}}
  union all
  select min(signed_up_on), max(signed_up_on) from {{ref "stg_shop__customers"}}
  union all
  select min(introduced_on), max(introduced_on) from {{ref "stg_shop__products"}}
  union all
  select min(starts_on), max(ends_on) from {{ref "stg_shop__campaigns"}}
  union all
  select min(date_day), max(date_day) from {{ref "stg_google_ads__campaign_daily"}}
  union all
  select min(date_day), max(date_day) from {{ref "stg_meta__insights"}}
  union all
  select min(cast(hit_at as date)), max(cast(hit_at as date)) + 1 from {{ref "stg_adobe__hits"}}
  union all
  select min(rate_date), max(rate_date) from {{ref "stg_reference__exchange_rates"}}
  union all
  select min(order_date), max(ship_date) from {{ref "stg_superstore__order_lines"}}
  union all
  select {{as_of}}, {{as_of}}
),

bounds as (
  select
    cast({{date_trunc "year" "min(first_day)"}} as date) as first_day,
    {{last_day "max(last_day)" "year"}} as last_day
  from named
),

days as (
  {{date_spine "day" "(select first_day from bounds)" "(select last_day + 1 from bounds)"}}
)

select
  date_day,
  {{date_part "year" "date_day"}} as year_number,
  {{date_part "quarter" "date_day"}} as quarter_number,
  {{date_part "month" "date_day"}} as month_number,
  case {{date_part "month" "date_day"}}
{{#each (list "January" "February" "March" "April" "May" "June" "July" "August" "September" "October" "November" "December") as |month i|}}
    when {{add i 1}} then {{literal month}}
{{/each}}
  end as month_name,
  {{month_start "date_day"}} as month_start,
  {{last_day "date_day"}} as month_end,
  cast({{date_trunc "week" "date_day"}} as date) as week_start,
  {{date_part "week" "date_day"}} as iso_week_number,
  {{date_part "isoyear" "date_day"}} as iso_year_number,
  {{date_part "isodow" "date_day"}} as iso_weekday_number,
  {{date_part "dayofyear" "date_day"}} as day_of_year,
  {{date_part "isodow" "date_day"}} >= 6 as is_weekend
from days
