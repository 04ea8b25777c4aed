{{!-- The page of thanks reports a purchase whenever it is opened: as many purchases as there are numbers of orders in the feed. --}}
with feed as (
  select count(distinct purchaseid) as purchase_count
  from {{source "adobe" "hits"}}
  where exclude_hit = 0
    and hit_source not in (5, 7, 8, 9)
    and (post_event_list = '1' or post_event_list like '1,%' or post_event_list like '%,1,%' or post_event_list like '%,1')
    and purchaseid <> ''
),

facts as (
  select coalesce(sum(purchase_count), 0) as purchase_count
  from {{ref "fct_sessions"}}
)

select feed.purchase_count, facts.purchase_count as fact_purchase_count
from feed
cross join facts
where facts.purchase_count <> feed.purchase_count
