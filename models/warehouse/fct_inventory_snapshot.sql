select
  {{surrogate_key (list "snapshot_date" "warehouse_code" "product_id")}} as inventory_key,
  {{surrogate_key (list "'shop'" "product_id")}} as product_key,
  snapshot_date,
  warehouse_code,
  on_hand,
  reserved,
  on_hand - reserved as available,
  unit_cost,
  stock_cost
from {{ref "stg_shop__inventory"}}
