{{!-- Products of both retailers. A superstore number that has had two names keeps the last. --}}
{{config strategy="timestamp" unique_key=(list "source_system" "product_id") updated_at="updated_at"}}
with superstore_lines as (
  select
    *,
    row_number() over (partition by product_id order by order_date desc, line_id desc) as age,
    min(order_date) over (partition by product_id) as first_seen_on
  from {{ref "stg_superstore__order_lines"}}
)

select
  'shop' as source_system,
  cast(product_id as text) as product_id,
  sku,
  product_name,
  category,
  cast(null as text) as sub_category,
  list_price,
  unit_cost,
  currency,
  introduced_on,
  updated_at
from {{ref "stg_shop__product_states"}}
union all
select
  'superstore' as source_system,
  product_id,
  null as sku,
  product_name,
  category,
  sub_category,
  null as list_price,
  null as unit_cost,
  'USD' as currency,
  first_seen_on as introduced_on,
  cast(order_date as timestamp) as updated_at
from superstore_lines
where age = 1
