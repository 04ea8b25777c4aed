{{!-- Ratios of the mart against the sums that stand beside them: an averaged ratio, an integer division or a zero instead of null shows here. --}}
select date_day, campaign_code
from {{ref "mart_campaign_trends"}}
where abs(coalesce(ctr * impressions - clicks, 0)) > 0.000001 * impressions + 0.01
  or abs(coalesce(cpc * clicks - spend, 0)) > 0.000001 * clicks + 0.01
  or abs(coalesce(roas * spend - ad_revenue, 0)) > 0.000001 * spend + 0.01
  or abs(coalesce(bounce_rate * visits - bounces, 0)) > 0.000001 * visits + 0.01
  or abs(coalesce(pages_per_visit * visits - page_views, 0)) > 0.000001 * visits + 0.01
  or (visits > 0 and (bounce_rate is null or average_visit_seconds is null or pages_per_visit is null))
