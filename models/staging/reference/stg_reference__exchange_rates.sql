{{#each (list "usd" "gbp" "chf") sep="union all" as |currency|}}
select
  date as rate_date,
  {{literal (upper currency)}} as currency,
  {{currency}} as units_per_euro,
  _loaded_at as loaded_at
from {{source "reference" "exchange_rates"}}
where {{currency}} is not null
{{/each}}
union all
select
  date as rate_date,
  'EUR' as currency,
  1 as units_per_euro,
  _loaded_at as loaded_at
from {{source "reference" "exchange_rates"}}
