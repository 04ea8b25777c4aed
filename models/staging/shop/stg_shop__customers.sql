with versions as (
  select
    *,
    row_number() over (
      partition by customer_id
      order by updated_at desc, _loaded_at desc, {{byte_order "_file"}} desc, _line desc
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
  _loaded_at as loaded_at
from versions
where age = 1
