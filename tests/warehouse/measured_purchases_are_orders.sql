{{!-- The number of a purchase links the web feed to the shop's books. Where fewer than 98 in 100 match, one of the two is broken. --}}
with matched as (
  select
    count(*) as purchase_count,
    count(orders.order_key) as order_count
  from {{ref "int_visit_hits"}} as hits
  left join {{ref "fct_orders"}} as orders
    on orders.source_system = 'shop'
    and orders.order_id = hits.purchase_id
  where hits.is_first_purchase
)

select *
from matched
where 100 * order_count < 98 * purchase_count
