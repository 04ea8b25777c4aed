{{!-- Each order's own total, to the cent, against the sum of its lines. A lost, doubled or wrongly read line shows here. --}}
select
  orders.order_id,
  orders.items_total,
  facts.items_amount
from {{ref "stg_shop__orders"}} as orders
left join {{ref "fct_orders"}} as facts
  on facts.source_system = 'shop'
  and facts.order_id = cast(orders.order_id as text)
where facts.items_amount is null
  or facts.items_amount <> orders.items_total
  or facts.order_amount <> orders.order_total
