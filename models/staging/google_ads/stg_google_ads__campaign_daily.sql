{{!-- Every report repeats the trailing days: of the same full key the last one delivered counts. --}}
with deliveries as (
  select
    *,
    row_number() over (
      partition by customer_id, date, campaign_id, ad_group_id, device, ad_network_type
      order by _loaded_at desc, {{byte_order "_file"}} desc, _line desc
    ) as age
  from {{source "google_ads" "campaign_daily"}}
)

select
  date as date_day,
  customer_id as account_id,
  cast(campaign_id as text) as campaign_id,
  cast(ad_group_id as text) as ad_group_id,
  lower(device) as device,
  lower(ad_network_type) as network,
  impressions,
  clicks,
  {{from_micros "cost_micros"}} as spend,
  conversions,
  coalesce(conversions_value, 0) as conversion_value,
  _loaded_at as loaded_at
from deliveries
where age = 1
