{{!-- Counted in the loaded files themselves, beside the facts. --}}
with loaded as (
  select 'shop' as source_system, count(distinct order_id) as order_count from {{source "shop" "orders"}}
  union all
  select 'superstore' as source_system, count(distinct "Order ID") as order_count from {{source "superstore" "orders"}}
),

facts as (
  select source_system, count(*) as order_count
  from {{ref "fct_orders"}}
  group by source_system
)

select loaded.source_system, loaded.order_count, facts.order_count as fact_count
from loaded
left join facts
  on facts.source_system = loaded.source_system
where facts.order_count is null
  or facts.order_count <> loaded.order_count
