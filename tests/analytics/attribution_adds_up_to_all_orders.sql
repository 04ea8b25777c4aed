with credited as (
  select attribution_model, sum(credited_order_count) as order_count, sum(credited_revenue) as revenue
  from {{ref "campaign_attribution"}}
  group by attribution_model
),

sold as (
  select count(*) as order_count, sum(items_amount) as revenue
  from {{ref "fct_orders"}}
  where source_system = 'shop'
    and not is_cancelled
    and order_date <= {{as_of}}
)

select credited.attribution_model
from credited
cross join sold
where abs(credited.order_count - sold.order_count) > 0.001
  or abs(credited.revenue - sold.revenue) > 0.01
