{{config materialized="view"}}
{{!-- Visitors and converted visitors of each arm; arms that nobody saw are there, too. --}}
select
  arms.experiment,
  arms.variant,
  arms.is_control,
  arms.planned_share,
  count(visitors.visitor_id) as visitor_count,
  count(case when visitors.has_converted then 1 end) as conversion_count
from {{ref "experiment_arms"}} as arms
left join {{ref "fct_experiment_visitors"}} as visitors
  on visitors.experiment = arms.experiment
  and visitors.variant = arms.variant
  and not visitors.saw_both_arms
group by arms.experiment, arms.variant, arms.is_control, arms.planned_share
