{{!-- The customers of a cohort are the same in all its periods: counted in each period anew, retention would always be near one. --}}
with cohorts as (
  select
    cohort_month,
    min(eligible_customers) as fewest,
    max(eligible_customers) as most,
    max(case when period_number = 0 then active_customers end) as first_customers
  from {{ref "mart_cohort_retention"}}
  group by cohort_month
),

buyers as (
  select count(distinct customer_key) as customers, count(*) as orders, sum(items_amount) as revenue
  from {{ref "fct_orders"}}
  where source_system = 'shop'
    and not is_cancelled
    and customer_key is not null
    and order_date <= {{as_of}}
),

mart as (
  select
    sum(case when period_number = 0 then eligible_customers else 0 end) as customers,
    sum(orders) as orders,
    sum(revenue) as revenue
  from {{ref "mart_cohort_retention"}}
)

select 'a cohort changes its size' as what, count(*) as bad_count
from cohorts
where fewest <> most or fewest <> first_customers
having count(*) > 0
union all
select 'cohorts are not all customers and orders' as what, 1 as bad_count
from mart
cross join buyers
where mart.customers <> buyers.customers
  or mart.orders <> buyers.orders
  or mart.revenue <> buyers.revenue
