select order_key
from {{ref "fct_attribution"}}
group by order_key
having abs(sum(first_touch_credit) - 1) > 0.000000001
  or abs(sum(last_touch_credit) - 1) > 0.000000001
  or abs(sum(linear_credit) - 1) > 0.000000001
  or abs(sum(position_credit) - 1) > 0.000000001
  or abs(sum(time_decay_credit) - 1) > 0.000000001
