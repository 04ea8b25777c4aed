with facts as (
  select
    count(*) as visits,
    sum(case when purchase_count > 0 then 1 else 0 end) as purchases
  from {{ref "fct_sessions"}}
  where visit_date <= {{as_of}}
),

mart as (
  select
    sum(case when step_number = 1 then visits else 0 end) as visits,
    sum(case when step_number = 5 then visits else 0 end) as purchases,
    count(*) as row_count,
    count(distinct week_start || campaign_code) as funnel_count
  from {{ref "mart_funnel"}}
)

select mart.*, facts.visits as fact_visits, facts.purchases as fact_purchases
from mart
cross join facts
where mart.visits <> facts.visits
  or mart.purchases <> facts.purchases
  or mart.row_count <> 5 * mart.funnel_count
