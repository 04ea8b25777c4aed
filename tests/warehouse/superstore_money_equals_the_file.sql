with loaded as (
  select sum("Sales") as net_amount, sum("Profit") as margin_amount, count(*) as line_count
  from {{source "superstore" "orders"}}
),

facts as (
  select sum(net_amount) as net_amount, sum(margin_amount) as margin_amount, count(*) as line_count
  from {{ref "fct_order_items"}}
  where source_system = 'superstore'
)

select loaded.*, facts.net_amount as fact_net_amount, facts.margin_amount as fact_margin_amount
from loaded
cross join facts
where loaded.net_amount <> facts.net_amount
  or loaded.margin_amount <> facts.margin_amount
  or loaded.line_count <> facts.line_count
