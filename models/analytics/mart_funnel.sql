{{!-- How far the measured visits of a week went, by campaign: one row for each step. A visit stands in every step up to the furthest that it reached, so
that no step is larger than the one before. --}}
{{set steps=(list "Visit" "Product view" "Cart" "Checkout" "Purchase")}}
with visited as (
  select
    days.week_start,
    {{campaign_label "campaigns.campaign_code" "sessions.tracking_code"}} as campaign_code,
    coalesce(campaigns.campaign_name, {{campaign_label "campaigns.campaign_code" "sessions.tracking_code"}}) as campaign_name,
    coalesce(campaigns.channel, {{campaign_label "campaigns.campaign_code" "sessions.tracking_code"}}) as channel,
    sessions.furthest_step
  from {{ref "fct_sessions"}} as sessions
  inner join {{ref "dim_date"}} as days
    on days.date_day = sessions.visit_date
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = sessions.campaign_key
    and campaigns.is_current
  where sessions.visit_date <= {{as_of}}
),

counted as (
{{#each steps sep="union all" as |step i|}}
  select
    week_start,
    campaign_code,
    campaign_name,
    channel,
    {{add i 1}} as step_number,
    {{literal step}} as step_name,
    sum(case when furthest_step >= {{add i 1}} then 1 else 0 end) as visits
  from visited
  group by week_start, campaign_code, campaign_name, channel
{{/each}}
),

compared as (
  select
    *,
    coalesce(lag(visits) over along, visits) as previous_step_visits,
    first_value(visits) over along as first_step_visits
  from counted
  window along as (partition by week_start, campaign_code order by step_number)
)

select
  week_start,
  campaign_code,
  campaign_name,
  channel,
  cast(step_number as integer) as step_number,
  step_name,
  cast(visits as bigint) as visits,
  cast(previous_step_visits as bigint) as previous_step_visits,
  cast(first_step_visits as bigint) as first_step_visits,
  {{ratio "visits" "previous_step_visits"}} as step_conversion,
  {{ratio "visits" "first_step_visits"}} as total_conversion
from compared
