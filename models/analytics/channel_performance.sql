{{!-- Month by channel. Each side is summed alone before they meet, so that neither multiplies the other; an order counts for the channel of its own
campaign and for no other. Months begin with the first month of advertising data; nothing after the
report's day counts. --}}
with ads as (
  select
    {{month_start "facts.date_day"}} as month_start,
    campaigns.channel,
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
  group by {{month_start "facts.date_day"}}, campaigns.channel
),

sales as (
  select
    {{month_start "orders.order_date"}} as month_start,
    coalesce(campaigns.channel, '(direct)') as channel,
    count(*) as order_count,
    sum(orders.items_amount) as revenue,
    sum(orders.margin_amount) as margin,
    sum(case when orders.customer_order_number = 1 then 1 else 0 end) as new_customer_count
  from {{ref "fct_orders"}} as orders
  left join {{ref "dim_campaign"}} as campaigns
    on campaigns.campaign_key = orders.campaign_key
    and campaigns.is_current
  where orders.source_system = 'shop'
    and not orders.is_cancelled
    and orders.order_date <= {{as_of}}
    and {{month_start "orders.order_date"}} >= (select min(month_start) from ads)
  group by {{month_start "orders.order_date"}}, coalesce(campaigns.channel, '(direct)')
),

channel_months as (
  select month_start, channel from ads
  union
  select month_start, channel from sales
),

channels as (
  select channel, {{bool_or "reports_spend"}} as reports_spend
  from {{ref "dim_campaign"}}
  where is_current
  group by channel
),

measured as (
  select
    channel_months.month_start,
    channel_months.channel,
    ads.impressions,
    ads.clicks,
    {{!-- Where a platform tells us its costs a month without them cost nothing; elsewhere they are unknown. --}}
    case when channels.reports_spend then coalesce(ads.spend, 0) end as spend,
    ads.platform_conversions,
    ads.platform_conversion_value,
    coalesce(sales.order_count, 0) as order_count,
    coalesce(sales.revenue, 0) as revenue,
    coalesce(sales.margin, 0) as margin,
    coalesce(sales.new_customer_count, 0) as new_customer_count
  from channel_months
  left join ads
    on ads.month_start = channel_months.month_start
    and ads.channel = channel_months.channel
  left join sales
    on sales.month_start = channel_months.month_start
    and sales.channel = channel_months.channel
  left join channels
    on channels.channel = channel_months.channel
)

select
  month_start,
  channel,
  cast(impressions as bigint) as impressions,
  cast(clicks as bigint) as clicks,
  cast(spend as numeric(18, 6)) as spend,
  cast(platform_conversions as numeric(18, 6)) as platform_conversions,
  cast(platform_conversion_value as numeric(18, 6)) as platform_conversion_value,
  cast(order_count as bigint) as order_count,
  cast(new_customer_count as bigint) as new_customer_count,
  cast(revenue as numeric(18, 4)) as revenue,
  cast(margin as numeric(18, 4)) as margin,
  {{ratio "clicks" "impressions"}} as ctr,
  {{ratio "spend" "clicks"}} as cpc,
  {{ratio "1000 * spend" "impressions"}} as cpm,
  {{ratio "spend" "platform_conversions"}} as cpa,
  {{ratio "platform_conversions" "clicks"}} as cvr,
  {{ratio "platform_conversion_value" "spend"}} as roas,
  {{ratio "revenue - spend" "spend"}} as roi,
  {{ratio "margin - spend" "spend"}} as roi_margin,
  {{ratio "spend" "new_customer_count"}} as cac,
  {{ratio "revenue" "order_count"}} as average_order_value,
  {{ratio "platform_conversions" "order_count"}} as overlap_ratio,
  {{ratio "sum(revenue) over (partition by month_start)" "sum(spend) over (partition by month_start)"}} as month_mer,
  {{ratio "spend" "sum(spend) over (partition by month_start)"}} as spend_share,
  {{ratio "revenue" "sum(revenue) over (partition by month_start)"}} as revenue_share,
  rank() over (partition by month_start order by revenue desc) as revenue_rank
from measured
