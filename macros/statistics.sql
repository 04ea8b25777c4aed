{{!-- The mean distance of the numbers of an array from their median, as a double. --}}
{{#*macro duckdb.mean_distance array}}
list_aggregate(
  list_transform(cast({{array}} as double[]), lambda item: abs(item - {{array_median array}})),
  'avg'
)
{{/macro}}

{{#*macro postgres.mean_distance array}}
(
  select avg(abs(cast(item as double precision) - {{array_median array}}))
  from unnest({{array}}) as items (item)
)
{{/macro}}
