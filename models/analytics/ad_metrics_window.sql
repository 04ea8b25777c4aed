{{!-- Sums over 7 and 28 calendar days that end with the day, then the ratios of these sums. --}}
{{set measures=(list "impressions" "clicks" "spend" "platform_conversions" "platform_conversion_value")}}
with windows as (
{{#each (list 7 28) sep="union all" as |days|}}
  select
    platform,
    date_day,
    {{days}} as window_days,
    count(*) over last_{{days}}_days < {{days}} as is_partial,
{{#each measures sep="," as |measure|}}
    sum({{measure}}) over last_{{days}}_days as {{measure}}
{{/each}}
  from {{ref "ad_metrics_daily"}}
  window last_{{days}}_days as (partition by platform order by date_day rows between {{sub days 1}} preceding and current row)
{{/each}}
)

select
  platform,
  date_day,
  window_days,
  is_partial,
  cast(impressions as bigint) as impressions,
  cast(clicks as bigint) as clicks,
  cast(spend as numeric(18, 6)) as spend,
  cast(platform_conversions as numeric(18, 6)) as platform_conversions,
  cast(platform_conversion_value as numeric(18, 6)) as platform_conversion_value,
  {{ratio "clicks" "impressions"}} as ctr,
  {{ratio "spend" "clicks"}} as cpc,
  {{ratio "spend" "platform_conversions"}} as cpa,
  {{ratio "platform_conversion_value" "spend"}} as roas
from windows
