{{!-- Who is credited with an order: one row for each of its touches in the days before, and one row without a touch for an order that has none.
Each kind of credit adds up to 1 for each order. --}}
with conversions as (
  select order_key, customer_key, ordered_at, order_date, items_amount, margin_amount
  from {{ref "fct_orders"}}
  where source_system = 'shop'
    and not is_cancelled
),

matched as (
  select
    conversions.order_key,
    conversions.ordered_at,
    conversions.order_date,
    conversions.items_amount,
    conversions.margin_amount,
    touches.touch_id,
    touches.campaign_key,
    touches.touched_at,
    row_number() over (
      partition by conversions.order_key
      order by touches.touched_at, {{byte_order "touches.touch_id"}}
    ) as touch_number,
    count(touches.touch_id) over (partition by conversions.order_key) as touch_count,
    power(
      cast(0.5 as double precision),
      cast({{datediff "touches.touched_at" "conversions.ordered_at" "second"}} as double precision) / 86400 / 7
    ) as weight
  from conversions
  left join {{ref "int_attribution_touches"}} as touches
    on touches.customer_key = conversions.customer_key
    and touches.touched_at <= conversions.ordered_at
    and touches.touched_at >= {{dateadd "day" (sub 0 (var "attribution_days")) "conversions.ordered_at"}}
)

select
  order_key,
  order_date,
  ordered_at,
  items_amount,
  margin_amount,
  touch_id,
  campaign_key,
  touched_at,
  touch_number,
  touch_count,
  cast(case when touch_number = 1 then 1 else 0 end as double precision) as first_touch_credit,
  cast(case when touch_number = greatest(touch_count, 1) then 1 else 0 end as double precision) as last_touch_credit,
  1 / cast(greatest(touch_count, 1) as double precision) as linear_credit,
  {{!-- 40 % for the first, 40 % for the last, the rest for those between. --}}
  cast(
    case
      when touch_count <= 1 then 1
      when touch_count = 2 then 0.5
      when touch_number in (1, touch_count) then 0.4
      else 0.2 / cast(touch_count - 2 as double precision)
    end as double precision
  ) as position_credit,
  {{!-- Half as much for each week that has passed. --}}
  coalesce(weight / sum(weight) over (partition by order_key), 1) as time_decay_credit
from matched
