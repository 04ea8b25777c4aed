{{!-- Meta reports one purchase under up to three names: never more than the largest of the three numbers. --}}
select
  delivery.ad_id,
  delivery.date_start,
  staged.conversions
from {{source "meta" "insights"}} as delivery
inner join {{ref "stg_meta__insights"}} as staged
  on staged.creative_id = delivery.ad_id
  and staged.date_day = delivery.date_start
group by delivery.ad_id, delivery.date_start, staged.conversions
having staged.conversions > max(
  greatest(
    coalesce({{action_value "delivery.actions" "omni_purchase"}}, 0),
    coalesce({{action_value "delivery.actions" "purchase"}}, 0),
    coalesce({{action_value "delivery.actions" "offsite_conversion.fb_pixel_purchase"}}, 0)
  )
)
