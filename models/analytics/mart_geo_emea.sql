{{!-- Month by country of Europe, the Middle East and Africa, from the first month of advertising data to the report's day. What is spent or sold elsewhere,
or nobody knows where, is in none of these rows. --}}
with delivered as (
  select
    {{month_start "date_day"}} as month_start,
    country_code,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(spend) as spend
  from {{ref "fct_ad_geo_daily"}}
  where date_day <= {{as_of}}
  group by {{month_start "date_day"}}, country_code
),

visited as (
  select
    {{month_start "visit_date"}} as month_start,
    country_code,
    count(*) as visits,
    sum(case when is_bounce then 1 else 0 end) as bounces
  from {{ref "fct_sessions"}}
  where visit_date <= {{as_of}}
  group by {{month_start "visit_date"}}, country_code
),

bought as (
  select
    {{month_start "conversions.conversion_date"}} as month_start,
    conversions.country_code,
    count(*) as conversions,
    sum(conversions.revenue) as revenue,
    sum(case when conversions.is_first_order then 1 else 0 end) as new_customers,
    {{!-- What paid advertising led to: not all sales of a country are due to it. --}}
    sum(case when campaigns.reports_spend then 1 else 0 end) as ad_conversions,
    sum(case when campaigns.reports_spend then conversions.revenue else 0 end) as ad_revenue
  from {{ref "fct_conversions"}} as conversions
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = conversions.campaign_key
    and campaigns.is_current
  where conversions.conversion_date <= {{as_of}}
  group by {{month_start "conversions.conversion_date"}}, conversions.country_code
),

country_months as (
  select month_start, country_code from delivered
  union
  select month_start, country_code from visited
  union
  select month_start, country_code from bought
),

measured as (
  select
    country_months.month_start,
    countries.country_code,
    countries.iso_alpha3,
    countries.m49_code,
    countries.country_name,
    countries.region,
    countries.sub_region,
    coalesce(delivered.impressions, 0) as impressions,
    coalesce(delivered.clicks, 0) as clicks,
    coalesce(delivered.spend, 0) as spend,
    coalesce(visited.visits, 0) as visits,
    coalesce(visited.bounces, 0) as bounces,
    coalesce(bought.conversions, 0) as conversions,
    coalesce(bought.new_customers, 0) as new_customers,
    coalesce(bought.revenue, 0) as revenue,
    coalesce(bought.ad_conversions, 0) as ad_conversions,
    coalesce(bought.ad_revenue, 0) as ad_revenue
  from country_months
  inner join {{ref "dim_geo"}} as countries
    on countries.country_code = country_months.country_code
    and countries.is_emea
  left join delivered
    on delivered.month_start = country_months.month_start
    and delivered.country_code = country_months.country_code
  left join visited
    on visited.month_start = country_months.month_start
    and visited.country_code = country_months.country_code
  left join bought
    on bought.month_start = country_months.month_start
    and bought.country_code = country_months.country_code
  where country_months.month_start >= (select min(month_start) from delivered)
)

select
  month_start,
  country_code,
  iso_alpha3,
  m49_code,
  country_name,
  region,
  sub_region,
  cast(impressions as bigint) as impressions,
  cast(clicks as bigint) as clicks,
  cast(spend as numeric(18, 6)) as spend,
  cast(visits as bigint) as visits,
  cast(bounces as bigint) as bounces,
  cast(conversions as bigint) as conversions,
  cast(new_customers as bigint) as new_customers,
  cast(revenue as numeric(18, 4)) as revenue,
  cast(ad_conversions as bigint) as ad_conversions,
  cast(ad_revenue as numeric(18, 4)) as ad_revenue,
  {{ratio "clicks" "impressions"}} as ctr,
  {{ratio "spend" "clicks"}} as cpc,
  {{ratio "1000 * spend" "impressions"}} as cpm,
  {{ratio "spend" "ad_conversions"}} as cpa,
  {{ratio "ad_conversions" "clicks"}} as cvr,
  {{ratio "ad_revenue" "spend"}} as roas,
  {{ratio "revenue" "spend"}} as mer,
  {{ratio "bounces" "visits"}} as bounce_rate,
  {{ratio "revenue" "sum(revenue) over (partition by month_start)"}} as revenue_share
from measured
