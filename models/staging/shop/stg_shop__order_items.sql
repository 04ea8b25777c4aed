select
  order_id,
  line_number,
  product_id,
  quantity,
  unit_price,
  discount,
  unit_cost,
  gift_note,
  cast(quantity * unit_price - discount as numeric(18, 4)) as net_amount,
  cast(quantity * unit_cost as numeric(18, 4)) as cost_amount,
  _loaded_at as loaded_at
from {{source "shop" "order_items"}}
