{{!-- One row for each product as of the report's day; the turnover looks at the period that ends with it. --}}
{{set period_start=(days_before (as_of) (var "inventory_period_days"))}}
with sales as (
  select
    product_key,
    count(distinct order_key) as order_count,
    sum(quantity) as unit_count,
    sum(net_amount) as revenue,
    sum(cost_amount) as cost,
    sum(margin_amount) as margin,
    sum(case when order_date > {{period_start}} then cost_amount end) as period_cost
  from {{ref "fct_order_items"}}
  where not is_cancelled
    and order_date <= {{as_of}}
  group by product_key
),

stock_by_day as (
  select product_key, snapshot_date, sum(stock_cost) as stock_cost
  from {{ref "fct_inventory_snapshot"}}
  where snapshot_date > {{period_start}}
    and snapshot_date <= {{as_of}}
  group by product_key, snapshot_date
),

stock as (
  select product_key, {{ratio "sum(stock_cost)" "count(*)"}} as average_stock_cost
  from stock_by_day
  group by product_key
),

measured as (
  select
    products.product_key,
    products.source_system,
    products.product_id,
    products.product_name,
    products.category,
    products.sub_category,
    coalesce(sales.order_count, 0) as order_count,
    coalesce(sales.unit_count, 0) as unit_count,
    coalesce(sales.revenue, 0) as revenue,
    coalesce(sales.cost, 0) as cost,
    coalesce(sales.margin, 0) as margin,
    {{!-- Without a stock count nothing is known of the turnover; with one, no sale is a cost of zero. --}}
    case when stock.product_key is not null then coalesce(sales.period_cost, 0) end as period_cost,
    stock.average_stock_cost
  from {{ref "dim_product"}} as products
  left join sales
    on sales.product_key = products.product_key
  left join stock
    on stock.product_key = products.product_key
  where products.is_current
)

select
  product_key,
  source_system,
  product_id,
  product_name,
  category,
  sub_category,
  cast(order_count as bigint) as order_count,
  cast(unit_count as bigint) as unit_count,
  cast(revenue as numeric(18, 4)) as revenue,
  cast(cost as numeric(18, 4)) as cost,
  cast(margin as numeric(18, 4)) as margin,
  {{ratio "margin" "revenue"}} as margin_rate,
  {{ratio "revenue" "unit_count"}} as revenue_per_unit,
  {{ratio "revenue" "sum(revenue) over (partition by source_system)"}} as revenue_share,
  rank() over (partition by source_system, category order by revenue desc) as revenue_rank_in_category,
  cast(period_cost as numeric(18, 4)) as period_cost,
  average_stock_cost,
  {{ratio "period_cost" "average_stock_cost"}} as inventory_turnover,
  {{ratio (concat "average_stock_cost * " (var "inventory_period_days")) "period_cost"}} as days_of_inventory
from measured
