{{!-- Products of both retailers, a row for each time in which nothing was different. --}}
select
  {{surrogate_key (list "source_system" "product_id")}} as product_key,
  dbt_scd_id as product_version_key,
  source_system,
  product_id,
  sku,
  product_name,
  category,
  sub_category,
  list_price,
  unit_cost,
  currency,
  introduced_on,
  {{version_columns "source_system, product_id"}}
from {{ref "product_history"}}
