{{!-- The other side of `fct_ad_daily`: together they are all that the platforms delivered. --}}
select
  date_day,
  platform,
  account_id,
  campaign_id,
  ad_group_id,
  creative_id,
  device,
  network,
  impressions,
  clicks,
  platform_conversions,
  native_currency,
  native_spend,
  native_conversion_value,
  case
    when native_currency is null then 'the account has no currency in ad_accounts'
    else 'no exchange rate within {{var "exchange_rate_max_age_days"}} days'
  end as reason
from {{ref "int_ad_daily"}}
where exchange_rate is null
