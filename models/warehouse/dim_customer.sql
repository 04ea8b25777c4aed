{{!-- Customers of both retailers, a row for each time in which nothing was different. --}}
select
  {{surrogate_key (list "source_system" "customer_id")}} as customer_key,
  dbt_scd_id as customer_version_key,
  source_system,
  customer_id,
  customer_name,
  email,
  segment,
  country_code,
  city,
  postal_code,
  signed_up_on,
  {{version_columns "source_system, customer_id"}}
from {{ref "customer_history"}}
