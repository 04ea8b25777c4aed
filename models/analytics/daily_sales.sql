{{!-- One row for each retailer and day between its first and last order, days without orders included; none after the report's day. --}}
with spans as (
  select source_system, min(order_date) as first_day, max(order_date) as last_day
  from {{ref "fct_orders"}}
  where order_date <= {{as_of}}
  group by source_system
),

orders as (
  select
    source_system,
    order_date,
    sum(case when is_cancelled then 0 else 1 end) as order_count,
    sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
    sum(case when is_cancelled then 0 else unit_count end) as unit_count,
    sum(case when is_cancelled then 0 else items_amount end) as revenue,
    sum(case when is_cancelled then 0 else shipping_amount end) as shipping,
    sum(case when is_cancelled then 0 else cost_amount end) as cost,
    sum(case when is_cancelled then 0 else margin_amount end) as margin,
    count(distinct case when not is_cancelled then customer_key end) as customer_count,
    sum(case when customer_order_number = 1 then 1 else 0 end) as new_customer_count
  from {{ref "fct_orders"}}
  group by source_system, order_date
)

select
  days.date_day as sales_date,
  spans.source_system,
{{#each (list "order_count" "cancelled_order_count" "unit_count" "customer_count" "new_customer_count") as |column|}}
  cast(coalesce(orders.{{column}}, 0) as bigint) as {{column}},
{{/each}}
{{#each (list "revenue" "shipping" "cost" "margin") as |column|}}
  cast(coalesce(orders.{{column}}, 0) as numeric(18, 4)) as {{column}},
{{/each}}
  {{ratio "orders.revenue" "orders.order_count"}} as average_order_value,
  {{ratio "orders.margin" "orders.revenue"}} as margin_rate
from spans
inner join {{ref "dim_date"}} as days
  on days.date_day between spans.first_day and spans.last_day
left join orders
  on orders.source_system = spans.source_system
  and orders.order_date = days.date_day
