select
  snapshot_date,
  warehouse as warehouse_code,
  product_id,
  on_hand,
  reserved,
  unit_cost,
  cast(on_hand * unit_cost as numeric(18, 4)) as stock_cost,
  _loaded_at as loaded_at
from {{source "shop" "inventory"}}
