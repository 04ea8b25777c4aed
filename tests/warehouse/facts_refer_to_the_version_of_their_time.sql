{{!-- An event belongs to the version that was valid at its moment, not to the one that is valid now. --}}
select 'fct_orders' as fact, facts.order_key as fact_key, facts.ordered_at as happened_at, versions.valid_from, versions.valid_to
from {{ref "fct_orders"}} as facts
inner join {{ref "dim_customer"}} as versions
  on versions.customer_version_key = facts.customer_version_key
where not ({{valid_at "versions" "facts.ordered_at"}}) or versions.customer_key <> facts.customer_key
union all
select 'fct_clickstream' as fact, facts.event_id as fact_key, facts.occurred_at as happened_at, versions.valid_from, versions.valid_to
from {{ref "fct_clickstream"}} as facts
inner join {{ref "dim_product"}} as versions
  on versions.product_version_key = facts.product_version_key
where not ({{valid_at "versions" "facts.occurred_at"}}) or versions.product_key <> facts.product_key
union all
select 'fct_order_items' as fact, facts.order_item_key as fact_key, orders.ordered_at as happened_at, versions.valid_from, versions.valid_to
from {{ref "fct_order_items"}} as facts
inner join {{ref "fct_orders"}} as orders
  on orders.order_key = facts.order_key
inner join {{ref "dim_product"}} as versions
  on versions.product_version_key = facts.product_version_key
where not ({{valid_at "versions" "orders.ordered_at"}}) or versions.product_key <> facts.product_key
