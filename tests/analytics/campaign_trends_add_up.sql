{{!-- Summaries that are joined before they are summed multiply each other; an inner join loses visits and orders without a campaign. --}}
with ads as (
  select sum(spend) as spend, sum(impressions) as impressions, sum(clicks) as clicks, min(date_day) as first_day
  from {{ref "fct_ad_daily"}}
  where date_day <= {{as_of}}
),

visits as (
  select
    count(*) as visits,
    sum(page_view_count) as page_views,
    sum(duration_seconds) as visit_seconds,
    sum(case when is_bounce then 1 else 0 end) as bounces
  from {{ref "fct_sessions"}}
  where visit_date between (select first_day from ads) and {{as_of}}
),

sales as (
  select count(*) as conversions, sum(revenue) as revenue
  from {{ref "fct_conversions"}}
  where conversion_date between (select first_day from ads) and {{as_of}}
),

mart as (
  select
    sum(spend) as spend,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(visits) as visits,
    sum(page_views) as page_views,
    sum(visit_seconds) as visit_seconds,
    sum(bounces) as bounces,
    sum(conversions) as conversions,
    sum(revenue) as revenue
  from {{ref "mart_campaign_trends"}}
)

select mart.*, ads.spend as fact_spend, visits.visits as fact_visits, sales.revenue as fact_revenue
from mart
cross join ads
cross join visits
cross join sales
where mart.spend <> ads.spend
  or mart.impressions <> ads.impressions
  or mart.clicks <> ads.clicks
  or mart.visits <> visits.visits
  or mart.page_views <> visits.page_views
  or mart.visit_seconds <> visits.visit_seconds
  or mart.bounces <> visits.bounces
  or mart.conversions <> sales.conversions
  or mart.revenue <> sales.revenue
