{{config materialized="view"}}
{{!-- A visit that a campaign led to, of a customer who was signed in. --}}
select
  session_id as touch_id,
  customer_key,
  campaign_key,
  min(occurred_at) as touched_at
from {{ref "fct_clickstream"}}
where campaign_key is not null
  and customer_key is not null
group by session_id, customer_key, campaign_key
