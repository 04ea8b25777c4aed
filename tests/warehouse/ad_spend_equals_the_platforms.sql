{{!-- Facts and refused rows together are what each platform delivered last, to a millionth. "Last" is found here without window functions, on the
loaded files, so that a mistake in staging cannot hide. --}}
with google_last as (
  select customer_id, date, campaign_id, ad_group_id, device, ad_network_type, max(_file) as last_file
  from {{source "google_ads" "campaign_daily"}}
  group by customer_id, date, campaign_id, ad_group_id, device, ad_network_type
),

meta_last as (
  select ad_id, date_start, max(_file) as last_file
  from {{source "meta" "insights"}}
  group by ad_id, date_start
),

delivered as (
  select
    'google_ads' as platform,
    count(*) as row_count,
    cast(sum(delivery.cost_micros) as numeric(28, 6)) as micros
  from {{source "google_ads" "campaign_daily"}} as delivery
  inner join google_last
    on google_last.customer_id = delivery.customer_id
    and google_last.date = delivery.date
    and google_last.campaign_id = delivery.campaign_id
    and google_last.ad_group_id = delivery.ad_group_id
    and google_last.device = delivery.device
    and google_last.ad_network_type = delivery.ad_network_type
    and google_last.last_file = delivery._file
  union all
  select
    'meta' as platform,
    count(*) as row_count,
    cast(sum(delivery.spend) * 1000000 as numeric(28, 6)) as micros
  from {{source "meta" "insights"}} as delivery
  inner join meta_last
    on meta_last.ad_id = delivery.ad_id
    and meta_last.date_start = delivery.date_start
    and meta_last.last_file = delivery._file
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
