{{!-- A conversion is an order of the shop that was not cancelled: the shop's books are the truth. What the web feed knows of the visit in which it was
placed stands beside it. --}}
with purchases as (
  select purchase_id, visit_key
  from {{ref "int_visit_hits"}}
  where is_first_purchase
)

select
  orders.order_key,
  orders.order_id,
  orders.ordered_at,
  orders.order_date as conversion_date,
  orders.customer_key,
  orders.campaign_key,
  orders.campaign_version_key,
  purchases.visit_key,
  purchases.visit_key is not null as is_measured,
  {{!-- Where the visitor was; where that is unknown, where the account is. --}}
  coalesce(sessions.country_code, customers.country_code) as country_code,
  sessions.device,
  sessions.experiment,
  sessions.variant,
  coalesce(orders.customer_order_number = 1, false) as is_first_order,
  orders.items_amount as revenue,
  orders.margin_amount as margin
from {{ref "fct_orders"}} as orders
left join purchases
  on purchases.purchase_id = orders.order_id
left join {{ref "fct_sessions"}} as sessions
  on sessions.visit_key = purchases.visit_key
left join {{ref "dim_customer"}} as customers
  on customers.customer_version_key = orders.customer_version_key
where orders.source_system = 'shop'
  and not orders.is_cancelled
