{{!-- Ratios of the mart against the sums that stand beside them: an averaged ratio, an integer division or a zero instead of null shows here. --}}
select month_start, channel
from {{ref "channel_performance"}}
where abs(coalesce(ctr * impressions - clicks, 0)) > 0.000001 * impressions + 0.01
  or abs(coalesce(cpc * clicks - spend, 0)) > 0.000001 * clicks + 0.01
  or (impressions = 0 and ctr is not null)
  or (clicks = 0 and (cpc is not null or cvr is not null))
  or (spend = 0 and (roas is not null or roi is not null))
  or (order_count = 0 and average_order_value is not null)
  or (new_customer_count = 0 and cac is not null)
  or (spend > 0 and (roi is null or roas is null))
