select
  date_start as date_day,
  account_id,
  account_currency as currency,
  campaign_id,
  nullif(country, 'unknown') as country_code,
  impressions,
  clicks,
  spend,
  _loaded_at as loaded_at
from {{source "meta" "country"}}
