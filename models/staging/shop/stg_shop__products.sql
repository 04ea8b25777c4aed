select
  product_id,
  sku,
  product_name,
  supplier_name,
  category,
  tags,
  color,
  weight_grams,
  list_price,
  unit_cost,
  currency,
  introduced_on,
  updated_at,
  loaded_at
from {{ref "stg_shop__product_states"}}
where is_latest
