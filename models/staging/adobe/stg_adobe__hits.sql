{{!-- `post_event_list` is a list, so that an event is looked for between commas: 1 is not 11. --}}
select
  hitid_high || '-' || hitid_low as hit_id,
  post_visid_high || '-' || post_visid_low as visitor_id,
  visit_num as visit_number,
  {{surrogate_key (list "post_visid_high" "post_visid_low" "visit_num" "visit_start_time_gmt")}} as visit_key,
  {{from_epoch "visit_start_time_gmt"}} as visit_started_at,
  {{from_epoch "hit_time_gmt"}} as hit_at,
  exclude_hit = 0 and hit_source not in (5, 7, 8, 9) as is_counted,
  post_page_event = 0 as is_page_view,
  {{unescaped "nullif(post_pagename, '')"}} as page_name,
  {{has_event "post_event_list" 2}} as is_product_view,
  {{has_event "post_event_list" 12}} as is_cart_addition,
  {{has_event "post_event_list" 11}} as is_checkout,
  {{has_event "post_event_list" 1}} as is_purchase,
  nullif(purchaseid, '') as purchase_id,
  upper(nullif(trim(post_campaign), '')) as tracking_code,
  nullif({{split_part "post_evar12" "':'" 1}}, '') as experiment,
  nullif({{split_part "post_evar12" "':'" 2}}, '') as variant,
  upper(nullif(geo_country, '?')) as iso_alpha3,
  coalesce(mobile_id, 0) as mobile_id,
  _loaded_at as loaded_at
from {{source "adobe" "hits"}}
