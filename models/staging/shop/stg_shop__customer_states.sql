{{!-- A state that was delivered again, corrected: the last delivery counts. --}}
with deliveries as (
  select
    *,
    row_number() over (
      partition by customer_id, updated_at
      order by _loaded_at desc, {{byte_order "_file"}} desc, _line desc
    ) as age
  from {{source "shop" "customers"}}
)

select
  customer_id,
  first_name,
  last_name,
  lower(email) as email,
  segment,
  country as country_code,
  city,
  postal_code,
  address,
  birth_date,
  signed_up_on,
  updated_at,
  row_number() over (partition by customer_id order by updated_at desc) = 1 as is_latest,
  _loaded_at as loaded_at
from deliveries
where age = 1
