{{!-- The facts of countries of EMEA, each alone. --}}
with ads as (
  select sum(facts.spend) as spend, sum(facts.clicks) as clicks, min({{month_start "facts.date_day"}}) as first_month
  from {{ref "fct_ad_geo_daily"}} as facts
  inner join {{ref "dim_geo"}} as countries
    on countries.country_code = facts.country_code
    and countries.is_emea
  where facts.date_day <= {{as_of}}
),

visits as (
  select count(*) as visits
  from {{ref "fct_sessions"}} as facts
  inner join {{ref "dim_geo"}} as countries
    on countries.country_code = facts.country_code
    and countries.is_emea
  where facts.visit_date between (select first_month from ads) and {{as_of}}
),

sales as (
  select count(*) as conversions, sum(facts.revenue) as revenue
  from {{ref "fct_conversions"}} as facts
  inner join {{ref "dim_geo"}} as countries
    on countries.country_code = facts.country_code
    and countries.is_emea
  where facts.conversion_date between (select first_month from ads) and {{as_of}}
),

mart as (
  select
    sum(spend) as spend,
    sum(clicks) as clicks,
    sum(visits) as visits,
    sum(conversions) as conversions,
    sum(revenue) as revenue
  from {{ref "mart_geo_emea"}}
)

select mart.*, ads.spend as fact_spend, visits.visits as fact_visits, sales.revenue as fact_revenue
from mart
cross join ads
cross join visits
cross join sales
where mart.spend <> ads.spend
  or mart.clicks <> ads.clicks
  or mart.visits <> visits.visits
  or mart.conversions <> sales.conversions
  or mart.revenue <> sales.revenue
