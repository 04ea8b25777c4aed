{{!-- The unit of an experiment is the visitor: drawn once, counted once, converted once at most. Who saw both arms tells nothing of either. Experiments
with the shop's pages are known to the tool that assigns their arms, those with ads to the web feed. --}}
with assignments as (
  select experiment, visitor_id, variant, assigned_at
  from {{ref "stg_shop__experiment_assignments"}}
  union all
  select experiment, visitor_id, variant, hit_at as assigned_at
  from {{ref "int_visit_hits"}}
  where experiment is not null
),

visitors as (
  select
    experiment,
    visitor_id,
    min(variant) as variant,
    count(distinct variant) > 1 as saw_both_arms,
    min(assigned_at) as assigned_at
  from assignments
  group by experiment, visitor_id
),

purchases as (
  select visitor_id, occurred_at, event_date
  from {{ref "fct_clickstream"}}
  where event_type = 'purchase'
  union all
  select visitor_id, hit_at as occurred_at, {{local_date "hit_at" (var "shop_time_zone")}} as event_date
  from {{ref "int_visit_hits"}}
  where is_first_purchase
)

select
  visitors.experiment,
  visitors.visitor_id,
  visitors.variant,
  visitors.saw_both_arms,
  visitors.assigned_at,
  count(purchases.visitor_id) > 0 as has_converted
from visitors
inner join {{ref "experiment_arms"}} as arms
  on arms.experiment = visitors.experiment
  and arms.variant = visitors.variant
left join purchases
  on purchases.visitor_id = visitors.visitor_id
  and purchases.occurred_at >= visitors.assigned_at
  and purchases.event_date <= arms.ends_on
group by visitors.experiment, visitors.visitor_id, visitors.variant, visitors.saw_both_arms, visitors.assigned_at
