{{config materialized="view"}}
{{!-- All platforms in one form, each row with its rate. Native amounts stay beside the converted ones. --}}
with platforms as (
  select
    ads.date_day,
    'google_ads' as platform,
    ads.account_id,
    ads.campaign_id,
    ads.ad_group_id,
    '(none)' as creative_id,
    ads.device,
    ads.network,
    accounts.currency,
    ads.impressions,
    ads.clicks,
    ads.spend,
    ads.conversions,
    ads.conversion_value,
    ads.loaded_at
  from {{ref "stg_google_ads__campaign_daily"}} as ads
  left join {{ref "ad_accounts"}} as accounts
    on accounts.platform = 'google_ads'
    and accounts.account_id = ads.account_id
  union all
  select
    date_day,
    'meta' as platform,
    account_id,
    campaign_id,
    ad_group_id,
    creative_id,
    '(none)' as device,
    '(none)' as network,
    currency,
    impressions,
    clicks,
    spend,
    conversions,
    conversion_value,
    loaded_at
  from {{ref "stg_meta__insights"}}
)

select
  platforms.date_day,
  platforms.platform,
  platforms.account_id,
  platforms.campaign_id,
  platforms.ad_group_id,
  platforms.creative_id,
  platforms.device,
  platforms.network,
  campaigns.campaign_key,
  platforms.impressions,
  platforms.clicks,
  platforms.conversions as platform_conversions,
  platforms.currency as native_currency,
  platforms.spend as native_spend,
  platforms.conversion_value as native_conversion_value,
  rates.rate as exchange_rate,
  rates.quoted_on as exchange_rate_quoted_on,
  {{converted "platforms.spend" "rates.rate"}} as spend,
  {{converted "platforms.conversion_value" "rates.rate"}} as platform_conversion_value,
  platforms.date_day <= case platforms.platform
{{#each (items (var "restatement_days")) as |entry|}}
    when {{literal entry.key}} then {{days_before (as_of) entry.value}}
{{/each}}
  end as is_mature,
  platforms.loaded_at
from platforms
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.platform = platforms.platform
  and campaigns.external_id = platforms.campaign_id
  and campaigns.is_current
left join {{ref "exchange_rates_daily"}} as rates
  on rates.date_day = platforms.date_day
  and rates.currency = platforms.currency
