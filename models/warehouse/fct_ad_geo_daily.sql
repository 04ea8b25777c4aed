{{!-- The delivery of `fct_ad_daily` once more, by country instead of by ad group, device and network: the platforms tell the one or the other. Never to be
added to it; a test holds the two equal. What has no exchange rate is left out of both and stands in `ad_daily_refused`. --}}
with platforms as (
  select
    ads.date_day,
    'google_ads' as platform,
    ads.account_id,
    ads.campaign_id,
    ads.country_code,
    accounts.currency,
    ads.impressions,
    ads.clicks,
    ads.spend,
    ads.loaded_at
  from {{ref "stg_google_ads__country_daily"}} as ads
  left join {{ref "ad_accounts"}} as accounts
    on accounts.platform = 'google_ads'
    and accounts.account_id = ads.account_id
  union all
  select
    date_day,
    'meta' as platform,
    account_id,
    campaign_id,
    country_code,
    currency,
    impressions,
    clicks,
    spend,
    loaded_at
  from {{ref "stg_meta__country_daily"}}
)

select
  platforms.date_day,
  platforms.platform,
  platforms.account_id,
  platforms.campaign_id,
  platforms.country_code,
  campaigns.campaign_key,
  platforms.impressions,
  platforms.clicks,
  platforms.currency as native_currency,
  platforms.spend as native_spend,
  rates.rate as exchange_rate,
  {{converted "platforms.spend" "rates.rate"}} as spend,
  platforms.loaded_at
from platforms
inner join {{ref "exchange_rates_daily"}} as rates
  on rates.date_day = platforms.date_day
  and rates.currency = platforms.currency
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.platform = platforms.platform
  and campaigns.external_id = platforms.campaign_id
  and campaigns.is_current
