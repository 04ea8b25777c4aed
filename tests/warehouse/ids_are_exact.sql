{{!-- Neighbours above 2^53 are one double: as many numbers must come out as there are texts, and the texts must keep their zeros. --}}
select 'orders' as what, count(*) as bad_count
from {{ref "fct_orders"}}
where source_system = 'shop' and length(order_id) <> 16
having count(*) > 0
union all
select 'products' as what, count(distinct product_id) - count(distinct sku) as bad_count
from {{ref "dim_product"}}
where source_system = 'shop'
having count(distinct product_id) <> count(distinct sku)
union all
select 'customers' as what, count(*) as bad_count
from {{ref "dim_customer"}}
where source_system = 'shop' and length(customer_id) <> 8
having count(*) > 0
