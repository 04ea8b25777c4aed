select
  event_id,
  session_id,
  visitor_id,
  case when customer_id is not null then {{surrogate_key (list "'shop'" "customer_id")}} end as customer_key,
  case when product_id is not null then {{surrogate_key (list "'shop'" "product_id")}} end as product_key,
  case when campaign_code is not null then {{surrogate_key (list "campaign_code")}} end as campaign_key,
  occurred_at,
  event_date,
  event_type,
  page,
  device,
  search_text,
  list_position
from {{ref "stg_shop__clickstream"}}
