{{!-- One row for each arm of each experiment: what it counted, and for the arms that are tested how `ab_test_results` judges them against the control. --}}
select
  arms.experiment,
  arms.variant,
  arms.is_control,
  planned.starts_on,
  planned.ends_on,
  arms.planned_share,
  cast(arms.visitor_count as bigint) as visitors,
  cast(arms.conversion_count as bigint) as conversions,
  cast(arms.conversion_count as double precision) / nullif(arms.visitor_count, 0) as conversion_rate,
  results.control_rate,
  results.difference,
  results.lift,
  results.z_score,
  results.p_value,
  results.interval_low,
  results.interval_high,
  results.split_chi_square,
  results.split_p_value,
  results.split_p_value >= 0.001 as is_split_as_planned,
  results.has_enough_conversions,
  coalesce(results.verdict, 'control') as verdict
from {{ref "int_experiment_arms"}} as arms
inner join {{ref "experiment_arms"}} as planned
  on planned.experiment = arms.experiment
  and planned.variant = arms.variant
left join {{ref "ab_test_results"}} as results
  on results.experiment = arms.experiment
  and results.variant = arms.variant
