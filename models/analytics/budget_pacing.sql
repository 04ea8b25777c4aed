{{!-- How a campaign spends the budget of its month, for every month of advertising data up to the report's day. A campaign's budget belongs to its days
in equal parts. --}}
with months as (
  select month_start, month_end, min(date_day) as first_day, max(date_day) as last_day
  from {{ref "dim_date"}}
  where date_day <= {{as_of}}
    and date_day >= (select min({{month_start "date_day"}}) from {{ref "fct_ad_daily"}})
  group by month_start, month_end
),

planned as (
  select
    campaigns.campaign_key,
    campaigns.campaign_code,
    campaigns.platform,
    months.month_start,
    greatest(campaigns.starts_on, months.month_start) as first_day,
    least(campaigns.ends_on, months.month_end) as last_day,
    least(campaigns.ends_on, months.last_day) as until_day,
    campaigns.budget,
    campaigns.ends_on - campaigns.starts_on + 1 as campaign_days
  from {{ref "dim_campaign"}} as campaigns
  inner join months
    on campaigns.starts_on <= months.last_day
    and campaigns.ends_on >= months.month_start
  where campaigns.is_current
    and campaigns.reports_spend
),

spent as (
  select
    planned.campaign_key,
    planned.month_start,
    sum(case when facts.date_day >= planned.first_day then facts.spend end) as spend_to_date,
    sum(case when facts.date_day > {{days_before "planned.until_day" 7}} then facts.spend end) as spend_last_7_days
  from planned
  inner join {{ref "fct_ad_daily"}} as facts
    on facts.campaign_key = planned.campaign_key
    and facts.date_day between {{days_before "planned.first_day" 7}} and planned.until_day
  group by planned.campaign_key, planned.month_start
),

paced as (
  select
    planned.campaign_key,
    planned.campaign_code,
    planned.platform,
    planned.month_start,
    planned.last_day - planned.first_day + 1 as days_in_month,
    planned.until_day - planned.first_day + 1 as days_elapsed,
    planned.last_day - planned.until_day as days_left,
    planned.budget * (planned.last_day - planned.first_day + 1) / nullif(planned.campaign_days, 0) as month_budget,
    cast(coalesce(spent.spend_to_date, 0) as numeric(18, 6)) as spend_to_date,
    cast(coalesce(spent.spend_last_7_days, 0) as numeric(18, 6)) as spend_last_7_days
  from planned
  left join spent
    on spent.campaign_key = planned.campaign_key
    and spent.month_start = planned.month_start
),

rated as (
  select
    *,
    {{ratio "spend_to_date * days_in_month" "month_budget * days_elapsed"}} as pace
  from paced
)

select
  campaign_key,
  campaign_code,
  platform,
  month_start,
  cast(days_in_month as integer) as days_in_month,
  cast(days_elapsed as integer) as days_elapsed,
  {{rounded "month_budget" 4}} as month_budget,
  spend_to_date,
  pace,
  {{rounded "spend_to_date + spend_last_7_days / 7.0 * days_left" 4}} as projected_spend,
  case
    when pace is null then null
    when pace < 0.9 then 'under'
    when pace > 1.1 then 'over'
    else 'on track'
  end as pace_band
from rated
