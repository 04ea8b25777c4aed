with keyed as (
  select
    *,
    case when customer_id is not null then {{surrogate_key (list "'shop'" "customer_id")}} end as customer_key,
    case when product_id is not null then {{surrogate_key (list "'shop'" "product_id")}} end as product_key,
    case when campaign_code is not null then {{surrogate_key (list "campaign_code")}} end as campaign_key
  from {{ref "stg_shop__clickstream"}}
)

select
  keyed.event_id,
  keyed.session_id,
  keyed.visitor_id,
  keyed.customer_key,
  customers.customer_version_key,
  keyed.product_key,
  products.product_version_key,
  keyed.campaign_key,
  campaigns.campaign_version_key,
  keyed.occurred_at,
  keyed.event_date,
  keyed.event_type,
  keyed.page,
  keyed.device,
  keyed.search_text,
  keyed.list_position
from keyed
left join {{ref "dim_customer"}} as customers
  on customers.customer_key = keyed.customer_key
  and {{valid_at "customers" "keyed.occurred_at"}}
left join {{ref "dim_product"}} as products
  on products.product_key = keyed.product_key
  and {{valid_at "products" "keyed.occurred_at"}}
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.campaign_key = keyed.campaign_key
  and {{valid_at "campaigns" "keyed.occurred_at"}}
