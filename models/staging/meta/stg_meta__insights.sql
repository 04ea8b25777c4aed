{{!-- Every answer repeats the trailing days: of the same ad and day the last one delivered counts. --}}
with deliveries as (
  select
    *,
    row_number() over (
      partition by account_id, campaign_id, adset_id, ad_id, date_start
      order by _loaded_at desc, {{byte_order "_file"}} desc, _line desc
    ) as age
  from {{source "meta" "insights"}}
)

select
  date_start as date_day,
  account_id,
  account_currency as currency,
  campaign_id,
  campaign_name,
  adset_id as ad_group_id,
  ad_id as creative_id,
  impressions,
  clicks,
  spend,
  {{purchases_in "actions"}} as conversions,
  {{purchases_in "action_values"}} as conversion_value,
  _loaded_at as loaded_at
from deliveries
where age = 1
