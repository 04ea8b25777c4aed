{{!-- Each variant against the control of its experiment. z comes from the pooled error, the interval from the unpooled one; where the split is not the
planned one (chi-square below 0.001) something lost visitors, and there is no verdict. --}}
with compared as (
  select
    tested.experiment,
    tested.variant,
    control.variant as control_variant,
    tested.planned_share,
    cast(control.visitor_count as bigint) as control_visitors,
    cast(control.conversion_count as bigint) as control_conversions,
    cast(tested.visitor_count as bigint) as variant_visitors,
    cast(tested.conversion_count as bigint) as variant_conversions,
    cast(control.visitor_count as double precision) as n_a,
    cast(tested.visitor_count as double precision) as n_b,
    cast(control.conversion_count as double precision) / nullif(control.visitor_count, 0) as rate_a,
    cast(tested.conversion_count as double precision) / nullif(tested.visitor_count, 0) as rate_b,
    cast(control.conversion_count + tested.conversion_count as double precision)
      / nullif(control.visitor_count + tested.visitor_count, 0) as pooled,
    cast(tested.planned_share as double precision) * (control.visitor_count + tested.visitor_count) as planned_b
  from {{ref "int_experiment_arms"}} as tested
  inner join {{ref "int_experiment_arms"}} as control
    on control.experiment = tested.experiment
    and control.is_control
  where not tested.is_control
),

scored as (
  select
    *,
    rate_b - rate_a as difference,
    (rate_b - rate_a) / nullif(sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b)), 0) as z_score,
    sqrt(rate_a * (1 - rate_a) / n_a + rate_b * (1 - rate_b) / n_b) as standard_error,
    (n_b - planned_b) * (n_b - planned_b) / nullif(planned_b, 0)
      + (n_b - planned_b) * (n_b - planned_b) / nullif(n_a + n_b - planned_b, 0) as split_chi_square
  from compared
),

judged as (
  select
    *,
    2 * {{normal_cdf "-abs(z_score)"}} as p_value,
    2 * {{normal_cdf "-sqrt(split_chi_square)"}} as split_p_value,
    pooled * least(n_a, n_b) as expected_conversions
  from scored
)

select
  experiment,
  control_variant,
  variant,
  control_visitors,
  control_conversions,
  variant_visitors,
  variant_conversions,
  rate_a as control_rate,
  rate_b as variant_rate,
  difference,
  difference / nullif(rate_a, 0) as lift,
  z_score,
  p_value,
  difference - 1.959964 * standard_error as interval_low,
  difference + 1.959964 * standard_error as interval_high,
  split_chi_square,
  split_p_value,
  expected_conversions >= 10 as has_enough_conversions,
  case
    when split_p_value < 0.001 then 'no verdict: the split is not the planned one'
    when z_score is null or expected_conversions < 10 then 'no verdict: too few conversions'
    when p_value >= 0.05 then 'no difference'
    when difference > 0 then 'variant is better'
    else 'control is better'
  end as verdict
from judged
