{{!-- A state that was delivered again, corrected: the last delivery counts. --}}
with deliveries as (
  select
    *,
    row_number() over (
      partition by product_id, updated_at
      order by _loaded_at desc, {{byte_order "_file"}} desc, _line desc
    ) as age
  from {{source "shop" "products"}}
)

select
  product_id,
  sku,
  name as product_name,
  name_2 as supplier_name,
  category,
  tags,
  {{json_get "attributes" "color"}} as color,
  cast({{json_get "attributes" "weight_g"}} as integer) as weight_grams,
  {{amount_of "list_price"}} as list_price,
  {{amount_of "unit_cost"}} as unit_cost,
  {{currency_of "unit_cost"}} as currency,
  introduced_on,
  updated_at,
  row_number() over (partition by product_id order by updated_at desc) = 1 as is_latest,
  _loaded_at as loaded_at
from deliveries
where age = 1
