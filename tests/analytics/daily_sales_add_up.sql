with facts as (
  select
    source_system,
    sum(items_amount) as revenue,
    sum(margin_amount) as margin,
    count(*) as order_count
  from {{ref "fct_orders"}}
  where not is_cancelled
    and order_date <= {{as_of}}
  group by source_system
),

mart as (
  select source_system, sum(revenue) as revenue, sum(margin) as margin, sum(order_count) as order_count
  from {{ref "daily_sales"}}
  group by source_system
)

select facts.*, mart.revenue as mart_revenue, mart.margin as mart_margin, mart.order_count as mart_order_count
from facts
left join mart
  on mart.source_system = facts.source_system
where mart.source_system is null
  or mart.revenue <> facts.revenue
  or mart.margin <> facts.margin
  or mart.order_count <> facts.order_count
