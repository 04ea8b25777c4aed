{{!-- Money comes from the items; a test holds it against what the order itself says. --}}
with items as (
  select
    order_key,
    count(*) as item_count,
    sum(quantity) as unit_count,
    sum(net_amount) as items_amount,
    sum(cost_amount) as cost_amount,
    sum(margin_amount) as margin_amount
  from {{ref "fct_order_items"}}
  group by order_key
),

shop_orders as (
  select
    'shop' as source_system,
    cast(order_id as text) as order_id,
    customer_id,
    campaign_code,
    ordered_at,
    order_date,
    status,
    is_cancelled,
    coupon_code,
    cast(shipping_fee as numeric(18, 4)) as shipping_amount
  from {{ref "stg_shop__orders"}}
),

superstore_orders as (
  select
    'superstore' as source_system,
    order_id,
    min(customer_id) as customer_id,
    cast(null as text) as campaign_code,
    cast(min(order_date) as timestamp) as ordered_at,
    min(order_date) as order_date,
    'completed' as status,
    false as is_cancelled,
    cast(null as text) as coupon_code,
    cast(0 as numeric(18, 4)) as shipping_amount
  from {{ref "stg_superstore__order_lines"}}
  group by order_id
),

orders as (
  select * from shop_orders
  union all
  select * from superstore_orders
),

keyed as (
  select
    *,
    {{surrogate_key (list "source_system" "order_id")}} as order_key,
    case when customer_id is not null then {{surrogate_key (list "source_system" "customer_id")}} end as customer_key,
    case when campaign_code is not null then {{surrogate_key (list "campaign_code")}} end as campaign_key
  from orders
)

select
  keyed.order_key,
  keyed.customer_key,
  customers.customer_version_key,
  keyed.campaign_key,
  campaigns.campaign_version_key,
  keyed.source_system,
  keyed.order_id,
  keyed.ordered_at,
  keyed.order_date,
  keyed.status,
  keyed.is_cancelled,
  keyed.coupon_code,
  {{!-- Cancelled orders take no number, so that 1 is the order that won the customer. --}}
  case
    when keyed.customer_key is not null and not keyed.is_cancelled then row_number() over (
      partition by keyed.customer_key, keyed.is_cancelled
      order by keyed.ordered_at, {{byte_order "keyed.order_id"}}
    )
  end as customer_order_number,
  coalesce(items.item_count, 0) as item_count,
  coalesce(items.unit_count, 0) as unit_count,
  cast(coalesce(items.items_amount, 0) as numeric(18, 4)) as items_amount,
  keyed.shipping_amount,
  cast(coalesce(items.items_amount, 0) + keyed.shipping_amount as numeric(18, 4)) as order_amount,
  cast(coalesce(items.cost_amount, 0) as numeric(18, 4)) as cost_amount,
  cast(coalesce(items.margin_amount, 0) as numeric(18, 4)) as margin_amount
from keyed
left join items
  on items.order_key = keyed.order_key
left join {{ref "dim_customer"}} as customers
  on customers.customer_key = keyed.customer_key
  and {{valid_at "customers" "keyed.ordered_at"}}
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.campaign_key = keyed.campaign_key
  and {{valid_at "campaigns" "keyed.ordered_at"}}
