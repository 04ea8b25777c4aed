select
  customer_id,
  first_name,
  last_name,
  email,
  segment,
  country_code,
  city,
  postal_code,
  address,
  birth_date,
  signed_up_on,
  updated_at,
  loaded_at
from {{ref "stg_shop__customer_states"}}
where is_latest
