{{!-- The bands again, from the orders. --}}
with last_orders as (
  select customer_key, max(order_date) as last_order_date
  from {{ref "fct_orders"}}
  where not is_cancelled
    and order_date <= {{as_of}}
  group by customer_key
)

select metrics.customer_key, metrics.churn_risk, last_orders.last_order_date
from {{ref "customer_metrics"}} as metrics
left join last_orders
  on last_orders.customer_key = metrics.customer_key
where coalesce(metrics.churn_risk, 0) <> case
  when last_orders.last_order_date is null then 0
  when last_orders.last_order_date >= {{days_before (as_of) 90}} then 0.1
  when last_orders.last_order_date >= {{days_before (as_of) 180}} then 0.4
  when last_orders.last_order_date >= {{days_before (as_of) 365}} then 0.7
  else 0.9
end
