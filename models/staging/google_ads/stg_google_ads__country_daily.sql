{{!-- Google numbers its places itself: a country is 2000 and its UN M49 number. --}}
select
  delivery.date as date_day,
  delivery.customer_id as account_id,
  cast(delivery.campaign_id as text) as campaign_id,
  countries.country_code,
  delivery.impressions,
  delivery.clicks,
  {{from_micros "delivery.cost_micros"}} as spend,
  delivery._loaded_at as loaded_at
from {{source "google_ads" "geographic"}} as delivery
left join {{ref "countries"}} as countries
  on cast(countries.m49_code as integer) = delivery.country_criterion_id - 2000
