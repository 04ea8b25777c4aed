-- The customers worth most among those who may be gone: a list for the shop's next letter.
select customer_id, segment, country_code, last_order_date, revenue, churn_risk
from {{ref "customer_metrics"}}
where source_system = 'shop' and churn_risk >= 0.7
order by revenue desc, customer_id
limit 20
