{{!-- Facts and refused rows together are what each platform delivered last, to a millionth. "Last" is found here without window functions, on the
loaded files, so that a mistake in staging cannot hide. --}}
with delivered as (
  select
    'google_ads' as platform,
    count(*) as row_count,
    cast(sum(delivery.cost_micros) as numeric(28, 6)) as micros
  from {{source "google_ads" "campaign_daily"}} as delivery
  where not exists (
    select 1
    from {{source "google_ads" "campaign_daily"}} as newer
    where newer.customer_id = delivery.customer_id
      and newer.date = delivery.date
      and newer.campaign_id = delivery.campaign_id
      and newer.ad_group_id = delivery.ad_group_id
      and newer.device = delivery.device
      and newer.ad_network_type = delivery.ad_network_type
      and (
        newer._loaded_at > delivery._loaded_at
        or (newer._loaded_at = delivery._loaded_at and newer._file > delivery._file)
      )
  )
  union all
  select
    'meta' as platform,
    count(*) as row_count,
    cast(sum(delivery.spend) * 1000000 as numeric(28, 6)) as micros
  from {{source "meta" "insights"}} as delivery
  where not exists (
    select 1
    from {{source "meta" "insights"}} as newer
    where newer.ad_id = delivery.ad_id
      and newer.date_start = delivery.date_start
      and (
        newer._loaded_at > delivery._loaded_at
        or (newer._loaded_at = delivery._loaded_at and newer._file > delivery._file)
      )
  )
),

kept as (
  select platform, native_spend from {{ref "fct_ad_daily"}}
  union all
  select platform, native_spend from {{ref "ad_daily_refused"}}
),

warehouse as (
  select platform, count(*) as row_count, cast(sum(native_spend) * 1000000 as numeric(28, 6)) as micros
  from kept
  group by platform
)

select delivered.*, warehouse.row_count as kept_row_count, warehouse.micros as kept_micros
from delivered
left join warehouse
  on warehouse.platform = delivered.platform
where warehouse.platform is null
  or warehouse.row_count <> delivered.row_count
  or warehouse.micros <> delivered.micros
