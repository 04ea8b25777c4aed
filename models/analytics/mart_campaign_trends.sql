{{!-- Day by campaign, from the first day of advertising data to the report's day. Each side is summed alone before they meet. What no campaign led to stands
under `(direct)`, and visits by a link that the list of campaigns does not know under `(unknown)`, so that the rows add up to all. --}}
with delivered as (
  select
    facts.date_day,
    campaigns.campaign_code,
    sum(facts.impressions) as impressions,
    sum(facts.clicks) as clicks,
    sum(facts.spend) as spend,
    sum(facts.platform_conversions) as platform_conversions,
    sum(facts.platform_conversion_value) as platform_conversion_value
  from {{ref "fct_ad_daily"}} as facts
  inner join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = facts.campaign_key
    and campaigns.is_current
  where facts.date_day <= {{as_of}}
  group by facts.date_day, campaigns.campaign_code
),

visited as (
  select
    sessions.visit_date as date_day,
    {{campaign_label "campaigns.campaign_code" "sessions.tracking_code"}} as campaign_code,
    count(*) as visits,
    sum(case when sessions.is_bounce then 1 else 0 end) as bounces,
    sum(sessions.duration_seconds) as visit_seconds,
    sum(sessions.page_view_count) as page_views
  from {{ref "fct_sessions"}} as sessions
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = sessions.campaign_key
    and campaigns.is_current
  where sessions.visit_date <= {{as_of}}
  group by sessions.visit_date, {{campaign_label "campaigns.campaign_code" "sessions.tracking_code"}}
),

bought as (
  select
    conversions.conversion_date as date_day,
    coalesce(campaigns.campaign_code, '(direct)') as campaign_code,
    count(*) as conversions,
    sum(conversions.revenue) as revenue,
    sum(conversions.margin) as margin,
    sum(case when conversions.is_first_order then 1 else 0 end) as new_customers
  from {{ref "fct_conversions"}} as conversions
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = conversions.campaign_key
    and campaigns.is_current
  where conversions.conversion_date <= {{as_of}}
  group by conversions.conversion_date, coalesce(campaigns.campaign_code, '(direct)')
),

campaign_days as (
  select date_day, campaign_code from delivered
  union
  select date_day, campaign_code from visited
  union
  select date_day, campaign_code from bought
),

measured as (
  select
    campaign_days.date_day,
    campaign_days.campaign_code,
    campaigns.campaign_name,
    campaigns.platform,
    campaigns.channel,
    {{!-- Where a platform tells its costs a day without them cost nothing; elsewhere they are unknown. --}}
    case when campaigns.reports_spend then coalesce(delivered.impressions, 0) end as impressions,
    case when campaigns.reports_spend then coalesce(delivered.clicks, 0) end as clicks,
    case when campaigns.reports_spend then coalesce(delivered.spend, 0) end as spend,
    case when campaigns.reports_spend then coalesce(delivered.platform_conversions, 0) end as platform_conversions,
    case when campaigns.reports_spend then coalesce(delivered.platform_conversion_value, 0) end as platform_conversion_value,
    coalesce(bought.conversions, 0) as conversions,
    coalesce(bought.new_customers, 0) as new_customers,
    coalesce(bought.revenue, 0) as revenue,
    coalesce(bought.margin, 0) as margin,
    {{!-- What is to be divided by spend or clicks of several campaigns: not all of them tell their costs. --}}
    case when campaigns.reports_spend then coalesce(bought.conversions, 0) else 0 end as ad_conversions,
    case when campaigns.reports_spend then coalesce(bought.revenue, 0) else 0 end as ad_revenue,
    coalesce(visited.visits, 0) as visits,
    coalesce(visited.bounces, 0) as bounces,
    coalesce(visited.visit_seconds, 0) as visit_seconds,
    coalesce(visited.page_views, 0) as page_views
  from campaign_days
  left join delivered
    on delivered.date_day = campaign_days.date_day
    and delivered.campaign_code = campaign_days.campaign_code
  left join visited
    on visited.date_day = campaign_days.date_day
    and visited.campaign_code = campaign_days.campaign_code
  left join bought
    on bought.date_day = campaign_days.date_day
    and bought.campaign_code = campaign_days.campaign_code
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_code = campaign_days.campaign_code
    and campaigns.is_current
  where campaign_days.date_day >= (select min(date_day) from delivered)
)

select
  date_day,
  campaign_code,
  coalesce(campaign_name, campaign_code) as campaign_name,
  coalesce(platform, '(none)') as platform,
  coalesce(channel, campaign_code) as channel,
  cast(impressions as bigint) as impressions,
  cast(clicks as bigint) as clicks,
  cast(spend as numeric(18, 6)) as spend,
  cast(platform_conversions as numeric(18, 6)) as platform_conversions,
  cast(platform_conversion_value as numeric(18, 6)) as platform_conversion_value,
  cast(conversions as bigint) as conversions,
  cast(new_customers as bigint) as new_customers,
  cast(revenue as numeric(18, 4)) as revenue,
  cast(margin as numeric(18, 4)) as margin,
  cast(ad_conversions as bigint) as ad_conversions,
  cast(ad_revenue as numeric(18, 4)) as ad_revenue,
  cast(visits as bigint) as visits,
  cast(bounces as bigint) as bounces,
  cast(visit_seconds as bigint) as visit_seconds,
  cast(page_views as bigint) as page_views,
  {{ratio "clicks" "impressions"}} as ctr,
  {{ratio "spend" "clicks"}} as cpc,
  {{ratio "1000 * spend" "impressions"}} as cpm,
  {{ratio "spend" "ad_conversions"}} as cpa,
  {{ratio "ad_conversions" "clicks"}} as cvr,
  {{ratio "ad_revenue" "spend"}} as roas,
  {{ratio "bounces" "visits"}} as bounce_rate,
  {{ratio "visit_seconds" "visits"}} as average_visit_seconds,
  {{ratio "page_views" "visits"}} as pages_per_visit
from measured
