{{!-- The project's one division, on values whose results are known. --}}
with vectors as (
  select 'no impressions' as what, {{ratio "0" "0"}} as got, cast(null as numeric(18, 6)) as expected
  union all
  select 'conversions without clicks', {{ratio "5" "0"}}, null
  union all
  select 'value without spend', {{ratio "10" "0"}}, null
  union all
  select 'spend without revenue', {{ratio "0 - 50" "50"}}, -1
  union all
  select 'two days of clicks', {{ratio "10 + 90" "100 + 10000"}}, 0.009901
  union all
  select 'whole numbers', {{ratio "7" "2"}}, 3.5
  union all
  select 'a half in the seventh digit', {{ratio "1" "128"}}, 0.007813
  union all
  select 'a half below zero', {{ratio "-1" "16"}}, -0.0625
  union all
  select 'micros', {{from_micros "cast(20836690 as bigint)"}}, 20.836690
)

select *
from vectors
where coalesce(got, -999) <> coalesce(expected, -999)
