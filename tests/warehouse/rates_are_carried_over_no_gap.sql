{{!-- A rate older than allowed is no rate. --}}
select *
from {{ref "exchange_rates_daily"}}
where {{datediff "quoted_on" "date_day" "day"}} > {{var "exchange_rate_max_age_days"}}
  or (currency = reporting_currency and rate <> 1)
