{{!-- The rate of every day: the last one quoted, carried over weekends and holidays, but not for longer than the project allows. --}}
with candidates as (
  select
    days.date_day,
    rates.currency,
    rates.rate_date,
    rates.units_per_euro,
    row_number() over (partition by days.date_day, rates.currency order by rates.rate_date desc) as age
  from {{ref "dim_date"}} as days
  inner join {{ref "stg_reference__exchange_rates"}} as rates
    on rates.rate_date <= days.date_day
    and rates.rate_date >= {{days_before "days.date_day" (var "exchange_rate_max_age_days")}}
),

carried as (
  select date_day, currency, rate_date, units_per_euro
  from candidates
  where age = 1
)

select
  carried.date_day,
  carried.currency,
  reporting.currency as reporting_currency,
  {{rounded (safe_divide "reporting.units_per_euro" "carried.units_per_euro") 8}} as rate,
  carried.rate_date as quoted_on
from carried
inner join carried as reporting
  on reporting.date_day = carried.date_day
  and reporting.currency = {{literal (var "reporting_currency")}}
