{{!-- Hits that count. A purchase is reported again when its page is opened again, in the same visit or in a later one: the first report is the purchase. --}}
select
  *,
  is_purchase
    and row_number() over (
      partition by is_purchase, coalesce(purchase_id, hit_id)
      order by hit_at, {{byte_order "hit_id"}}
    ) = 1 as is_first_purchase
from {{ref "stg_adobe__hits"}}
where is_counted
