select experiment, sum(case when is_control then 1 else 0 end) as control_count
from {{ref "mart_ab_test"}}
group by experiment
having sum(case when is_control then 1 else 0 end) <> 1
