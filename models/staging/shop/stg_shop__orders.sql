with versions as (
  select
    *,
    row_number() over (
      partition by order_id
      order by updated_at desc, _loaded_at desc, {{byte_order "_file"}} desc, _line desc
    ) as age
  from {{source "shop" "orders"}}
)

select
  versions.order_id,
  versions.customer_id,
  versions.ordered_at,
  {{local_date "versions.ordered_at" (var "shop_time_zone")}} as order_date,
  versions.status as status_spelling,
  statuses.status,
  statuses.is_cancelled,
  versions.currency,
  versions.items_total,
  versions.shipping_fee,
  versions.order_total,
  versions.campaign_code,
  versions.coupon_code,
  versions.updated_at,
  versions._loaded_at as loaded_at
from versions
left join {{ref "order_statuses"}} as statuses
  on statuses.spelling = lower(versions.status)
where versions.age = 1
