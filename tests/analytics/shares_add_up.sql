select month_start, sum(spend_share) as spend_share, sum(revenue_share) as revenue_share
from {{ref "channel_performance"}}
group by month_start
having abs(sum(spend_share) - 1) > 0.00001
  or abs(sum(revenue_share) - 1) > 0.00001
