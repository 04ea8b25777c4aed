{{!-- Customers of the shop by the month of their first order, and how many of them ordered again 0, 1, 2 … months later. A cohort has a row for each month
up to the report's, months without an order included, and none for a month that it has not reached: so the customers of a row are all old enough for it, and
retention over several cohorts is the sum of the active by the sum of the eligible. --}}
with orders as (
  select customer_key, {{month_start "order_date"}} as order_month, items_amount
  from {{ref "fct_orders"}}
  where source_system = 'shop'
    and not is_cancelled
    and customer_key is not null
    and order_date <= {{as_of}}
),

customers as (
  select customer_key, min(order_month) as cohort_month
  from orders
  group by customer_key
),

cohorts as (
  select cohort_month, count(*) as cohort_customers
  from customers
  group by cohort_month
),

months as (
  select distinct month_start, month_end
  from {{ref "dim_date"}}
  where date_day <= {{as_of}}
),

activity as (
  select
    customers.cohort_month,
    orders.order_month,
    count(distinct orders.customer_key) as active_customers,
    count(*) as orders,
    sum(orders.items_amount) as revenue
  from orders
  inner join customers
    on customers.customer_key = orders.customer_key
  group by customers.cohort_month, orders.order_month
)

select
  cohorts.cohort_month,
  cast({{datediff "cohorts.cohort_month" "months.month_start" "month"}} as integer) as period_number,
  months.month_start as activity_month,
  {{!-- The report's day comes before the month is over. --}}
  months.month_end > {{as_of}} as is_partial,
  cast(cohorts.cohort_customers as bigint) as eligible_customers,
  cast(coalesce(activity.active_customers, 0) as bigint) as active_customers,
  cast(coalesce(activity.orders, 0) as bigint) as orders,
  cast(coalesce(activity.revenue, 0) as numeric(18, 4)) as revenue,
  {{ratio "coalesce(activity.active_customers, 0)" "cohorts.cohort_customers"}} as retention,
  {{ratio "coalesce(activity.revenue, 0)" "cohorts.cohort_customers"}} as revenue_per_customer
from cohorts
inner join months
  on months.month_start >= cohorts.cohort_month
left join activity
  on activity.cohort_month = cohorts.cohort_month
  and activity.order_month = months.month_start
