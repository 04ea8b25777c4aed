{{!-- Customers and guests together are all sales up to the report's day. --}}
with facts as (
  select
    sum(items_amount) as revenue,
    sum(case when customer_key is null then items_amount else 0 end) as guest_revenue,
    sum(case when customer_key is null then 0 else 1 end) as order_count
  from {{ref "fct_orders"}}
  where not is_cancelled
    and order_date <= {{as_of}}
),

mart as (
  select sum(revenue) as revenue, sum(order_count) as order_count
  from {{ref "customer_metrics"}}
)

select facts.*, mart.revenue as mart_revenue, mart.order_count as mart_order_count
from facts
cross join mart
where mart.revenue + facts.guest_revenue <> facts.revenue
  or mart.order_count <> facts.order_count
