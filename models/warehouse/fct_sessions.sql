{{!-- A visit is a visitor, the number of the visit and its start: the number alone begins anew for each visitor, and the visitor alone comes again. --}}
with visits as (
  select
    visit_key,
    min(visitor_id) as visitor_id,
    min(visit_number) as visit_number,
    min(visit_started_at) as started_at,
    min(tracking_code) as tracking_code,
    min(iso_alpha3) as iso_alpha3,
    max(mobile_id) as mobile_id,
    min(experiment) as experiment,
    min(variant) as variant,
    count(*) as hit_count,
    sum(case when is_page_view then 1 else 0 end) as page_view_count,
    {{datediff "min(hit_at)" "max(hit_at)" "second"}} as duration_seconds,
    sum(case when is_first_purchase then 1 else 0 end) as purchase_count,
    {{!-- The furthest step that was reached; who buys by a short cut has been through all of them. --}}
    max(
      case
        when is_first_purchase then 5
        when is_checkout then 4
        when is_cart_addition then 3
        when is_product_view then 2
        else 1
      end
    ) as furthest_step
  from {{ref "int_visit_hits"}}
  group by visit_key
)

select
  visits.visit_key,
  visits.visitor_id,
  visits.visit_number,
  visits.started_at,
  {{local_date "visits.started_at" (var "shop_time_zone")}} as visit_date,
  visits.tracking_code,
  campaigns.campaign_key,
  campaigns.campaign_version_key,
  countries.country_code,
  coalesce(devices.device, 'desktop') as device,
  visits.experiment,
  visits.variant,
  visits.hit_count,
  cast(visits.page_view_count as bigint) as page_view_count,
  visits.hit_count = 1 as is_bounce,
  visits.duration_seconds,
  cast(visits.furthest_step as integer) as furthest_step,
  cast(visits.purchase_count as bigint) as purchase_count
from visits
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.campaign_code = visits.tracking_code
  and {{valid_at "campaigns" "visits.started_at"}}
left join {{ref "dim_geo"}} as countries
  on countries.iso_alpha3 = visits.iso_alpha3
left join {{ref "stg_adobe__mobile_devices"}} as devices
  on devices.mobile_id = visits.mobile_id
