{{!-- A day against the 28 before it, by the distance from their median in units of their median deviation. Where more than half of the days are equal
that deviation is zero: then the mean deviation counts, and where all are equal any other value is flagged. What platforms still
correct is not judged. --}}
{{set measures=(dict impressions=true clicks=true spend=true platform_conversions=false)}}
with measured as (
{{#each (items measures) sep="union all" as |measure|}}
  select
    platform,
    date_day,
    {{literal measure.key}} as metric,
    cast({{measure.key}} as double precision) as value,
    {{iif measure.value "true" "is_mature"}} as is_final
  from {{ref "ad_metrics_daily"}}
{{/each}}
),

histories as (
  select
    *,
    array_agg(value) over before as earlier_values,
    count(*) over before as earlier_count,
    avg(value) over before as earlier_mean
  from measured
  window before as (partition by platform, metric order by date_day rows between 28 preceding and 1 preceding)
),

spreads as (
  select
    *,
    {{array_median "earlier_values"}} as median_value,
    {{array_mad "earlier_values"}} as median_deviation,
    {{mean_distance "earlier_values"}} as mean_deviation
  from histories
  where earlier_count >= 14
),

scored as (
  select
    *,
    case
      when median_deviation > 0 then 0.6745 * (value - median_value) / median_deviation
      when mean_deviation > 0 then (value - median_value) / (1.253314 * mean_deviation)
    end as robust_z_score
  from spreads
)

select
  platform,
  date_day,
  metric,
  value,
  median_value as expected_value,
  median_deviation,
  robust_z_score,
  is_final,
  is_final and coalesce(abs(robust_z_score) > 3.5, value <> median_value) as is_anomaly
from scored
