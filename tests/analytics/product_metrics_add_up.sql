with facts as (
  select sum(net_amount) as revenue, sum(quantity) as unit_count
  from {{ref "fct_order_items"}}
  where not is_cancelled
    and order_date <= {{as_of}}
),

mart as (
  select sum(revenue) as revenue, sum(unit_count) as unit_count
  from {{ref "product_metrics"}}
)

select facts.*, mart.revenue as mart_revenue, mart.unit_count as mart_unit_count
from facts
cross join mart
where mart.revenue <> facts.revenue
  or mart.unit_count <> facts.unit_count
