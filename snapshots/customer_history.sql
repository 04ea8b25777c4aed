{{!--
  Customers of both retailers. The shop delivers every state of an account, so that one run may bring several versions of a customer. The
  superstore names a customer on every order line: the last order counts, and is the time of the state.
--}}
{{config strategy="timestamp" unique_key=(list "source_system" "customer_id") updated_at="updated_at"}}
with superstore_lines as (
  select
    *,
    row_number() over (partition by customer_id order by order_date desc, line_id desc) as age,
    min(order_date) over (partition by customer_id) as first_seen_on
  from {{ref "stg_superstore__order_lines"}}
)

select
  'shop' as source_system,
  customer_id,
  first_name || ' ' || last_name as customer_name,
  email,
  segment,
  country_code,
  city,
  postal_code,
  signed_up_on,
  updated_at
from {{ref "stg_shop__customer_states"}}
union all
select
  'superstore' as source_system,
  customer_id,
  customer_name,
  null as email,
  segment,
  case country when 'United States' then 'US' end as country_code,
  city,
  postal_code,
  first_seen_on as signed_up_on,
  cast(order_date as timestamp) as updated_at
from superstore_lines
where age = 1
