{{!-- One row for each customer as of the report's day, those who never bought included. --}}
with orders as (
  select
    customer_key,
    sum(case when is_cancelled then 0 else 1 end) as order_count,
    sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
    sum(case when is_cancelled then 0 else items_amount end) as revenue,
    sum(case when is_cancelled then 0 else margin_amount end) as margin,
    min(case when not is_cancelled then order_date end) as first_order_date,
    max(case when not is_cancelled then order_date end) as last_order_date
  from {{ref "fct_orders"}}
  where customer_key is not null
    and order_date <= {{as_of}}
  group by customer_key
),

measured as (
  select
    customers.customer_key,
    customers.source_system,
    customers.customer_id,
    customers.segment,
    customers.country_code,
    customers.signed_up_on,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.cancelled_order_count, 0) as cancelled_order_count,
    coalesce(orders.revenue, 0) as revenue,
    coalesce(orders.margin, 0) as margin,
    orders.first_order_date,
    orders.last_order_date,
    {{datediff "orders.last_order_date" (as_of) "day"}} as days_since_last_order,
    {{months_between "orders.first_order_date" (as_of)}} + 1 as active_months
  from {{ref "dim_customer"}} as customers
  left join orders
    on orders.customer_key = customers.customer_key
  where customers.is_current
)

select
  customer_key,
  source_system,
  customer_id,
  segment,
  country_code,
  signed_up_on,
  cast(order_count as bigint) as order_count,
  cast(cancelled_order_count as bigint) as cancelled_order_count,
  cast(revenue as numeric(18, 4)) as revenue,
  cast(margin as numeric(18, 4)) as margin,
  first_order_date,
  last_order_date,
  days_since_last_order,
  {{ratio "revenue" "order_count"}} as average_order_value,
  {{ratio "order_count" "active_months"}} as orders_per_month,
  {{ratio "margin" "revenue"}} as margin_rate,
  cast(margin as numeric(18, 4)) as lifetime_value_to_date,
  {{!-- Average order x orders a month x margin rate is margin / active months: one division, no ratio of ratios. --}}
  {{rounded (safe_divide (concat "margin * " (var "expected_lifetime_months")) "active_months") 4}} as lifetime_value_projected,
  cast(
    case
      when days_since_last_order <= 90 then 0.1
      when days_since_last_order <= 180 then 0.4
      when days_since_last_order <= 365 then 0.7
      when days_since_last_order > 365 then 0.9
    end as numeric(2, 1)
  ) as churn_risk,
  case
    when days_since_last_order <= 90 then 'active'
    when days_since_last_order <= 180 then 'cooling'
    when days_since_last_order <= 365 then 'at risk'
    when days_since_last_order > 365 then 'lost'
    else 'never bought'
  end as churn_band
from measured
