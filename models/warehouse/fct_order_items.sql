with shop_items as (
  select
    'shop' as source_system,
    cast(items.order_id as text) as order_id,
    items.line_number,
    orders.ordered_at,
    orders.order_date,
    orders.customer_id,
    cast(items.product_id as text) as product_id,
    orders.status,
    orders.is_cancelled,
    items.quantity,
    cast(items.unit_price as numeric(18, 4)) as unit_price,
    cast(items.discount as numeric(18, 4)) as discount_amount,
    items.net_amount,
    items.cost_amount
  from {{ref "stg_shop__order_items"}} as items
  inner join {{ref "stg_shop__orders"}} as orders
    on orders.order_id = items.order_id
),

superstore_items as (
  select
    'superstore' as source_system,
    order_id,
    line_id as line_number,
    cast(order_date as timestamp) as ordered_at,
    order_date,
    customer_id,
    product_id,
    'completed' as status,
    false as is_cancelled,
    quantity,
    {{rounded (safe_divide "net_amount" "quantity * (1 - discount_share)") 4}} as unit_price,
    {{rounded (safe_divide "net_amount * discount_share" "1 - discount_share") 4}} as discount_amount,
    net_amount,
    cast(net_amount - profit as numeric(18, 4)) as cost_amount
  from {{ref "stg_superstore__order_lines"}}
),

items as (
  select * from shop_items
  union all
  select * from superstore_items
),

keyed as (
  select
    *,
    {{surrogate_key (list "source_system" "order_id" "line_number")}} as order_item_key,
    {{surrogate_key (list "source_system" "order_id")}} as order_key,
    case when customer_id is not null then {{surrogate_key (list "source_system" "customer_id")}} end as customer_key,
    {{surrogate_key (list "source_system" "product_id")}} as product_key
  from items
)

select
  keyed.order_item_key,
  keyed.order_key,
  keyed.customer_key,
  customers.customer_version_key,
  keyed.product_key,
  products.product_version_key,
  keyed.source_system,
  keyed.order_id,
  keyed.line_number,
  keyed.order_date,
  keyed.status,
  keyed.is_cancelled,
  keyed.quantity,
  keyed.unit_price,
  keyed.discount_amount,
  keyed.net_amount,
  keyed.cost_amount,
  cast(keyed.net_amount - keyed.cost_amount as numeric(18, 4)) as margin_amount
from keyed
left join {{ref "dim_customer"}} as customers
  on customers.customer_key = keyed.customer_key
  and {{valid_at "customers" "keyed.ordered_at"}}
left join {{ref "dim_product"}} as products
  on products.product_key = keyed.product_key
  and {{valid_at "products" "keyed.ordered_at"}}
