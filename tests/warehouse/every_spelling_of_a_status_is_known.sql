select status_spelling, count(*) as order_count
from {{ref "stg_shop__orders"}}
where status is null
group by status_spelling
