{{!-- One row for each platform and day, days without delivery included, so that a window of days is a window of rows. --}}
with delivered as (
  select
    platform,
    date_day,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(spend) as spend,
    sum(platform_conversions) as platform_conversions,
    sum(platform_conversion_value) as platform_conversion_value,
    min(case when is_mature then 1 else 0 end) = 1 as is_mature
  from {{ref "fct_ad_daily"}}
  where date_day <= {{as_of}}
  group by platform, date_day
),

platforms as (
  select platform, min(date_day) as first_day, max(date_day) as last_day
  from delivered
  group by platform
),

days as (
  select platforms.platform, dates.date_day
  from platforms
  inner join {{ref "dim_date"}} as dates
    on dates.date_day between platforms.first_day and platforms.last_day
)

select
  days.platform,
  days.date_day,
  cast(coalesce(delivered.impressions, 0) as bigint) as impressions,
  cast(coalesce(delivered.clicks, 0) as bigint) as clicks,
  cast(coalesce(delivered.spend, 0) as numeric(18, 6)) as spend,
  cast(coalesce(delivered.platform_conversions, 0) as numeric(18, 6)) as platform_conversions,
  cast(coalesce(delivered.platform_conversion_value, 0) as numeric(18, 6)) as platform_conversion_value,
  coalesce(delivered.is_mature, true) as is_mature
from days
left join delivered
  on delivered.platform = days.platform
  and delivered.date_day = days.date_day
