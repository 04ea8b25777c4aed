select
  event_id,
  session_id,
  visitor_id,
  customer_id,
  occurred_at,
  {{local_date "occurred_at" (var "shop_time_zone")}} as event_date,
  event_type,
  page,
  product_id,
  campaign_code,
  device,
  {{json_get "properties" "q"}} as search_text,
  cast({{json_get "properties" "position"}} as integer) as list_position,
  _loaded_at as loaded_at
from {{source "shop" "clickstream"}}
