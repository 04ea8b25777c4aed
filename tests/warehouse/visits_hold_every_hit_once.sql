{{!-- Visits and hits, counted in the loaded feed without the views between: robots and imported data do not count, late hits belong to the visit in which they
were made. --}}
with feed as (
  select
    count(*) as hit_count,
    count(distinct post_visid_high || '-' || post_visid_low || '-' || cast(visit_num as text) || '-' || cast(visit_start_time_gmt as text)) as visit_count
  from {{source "adobe" "hits"}}
  where exclude_hit = 0
    and hit_source not in (5, 7, 8, 9)
),

facts as (
  select coalesce(sum(hit_count), 0) as hit_count, count(*) as visit_count
  from {{ref "fct_sessions"}}
)

select feed.*, facts.hit_count as fact_hit_count, facts.visit_count as fact_visit_count
from feed
cross join facts
where facts.hit_count <> feed.hit_count
  or facts.visit_count <> feed.visit_count
