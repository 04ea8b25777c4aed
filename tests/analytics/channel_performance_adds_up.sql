{{!-- Summaries that are joined before they are summed multiply each other; a channel that is credited with all sales of a month counts them twice. --}}
with ads as (
  select
    sum(spend) as spend,
    sum(impressions) as impressions,
    sum(platform_conversions) as platform_conversions,
    min(date_day) as first_day
  from {{ref "fct_ad_daily"}}
  where date_day <= {{as_of}}
),

sales as (
  select sum(items_amount) as revenue, count(*) as order_count
  from {{ref "fct_orders"}}
  where source_system = 'shop'
    and not is_cancelled
    and order_date <= {{as_of}}
    and order_date >= (select {{month_start "first_day"}} from ads)
),

mart as (
  select
    sum(spend) as spend,
    sum(impressions) as impressions,
    sum(platform_conversions) as platform_conversions,
    sum(revenue) as revenue,
    sum(order_count) as order_count
  from {{ref "channel_performance"}}
)

select mart.*, ads.spend as fact_spend, sales.revenue as fact_revenue
from mart
cross join ads
cross join sales
where mart.spend <> ads.spend
  or mart.impressions <> ads.impressions
  or mart.platform_conversions <> ads.platform_conversions
  or mart.revenue <> sales.revenue
  or mart.order_count <> sales.order_count
