{{!-- The median of the row's partition (of all rows without `partition_by`) as a double, on every row; nulls are left out.
For a moving median collect the frame with `{{array_agg "x"}} over (…)` in one CTE and take `array_median` in the next. --}}
{{#*macro duckdb.median_over expression partition_by=""}}
median(cast({{expression}} as double precision)) over ({{#if partition_by}}partition by {{partition_by}}{{/if}})
{{/macro}}

{{!-- Postgres has no ordered-set aggregates over windows: the two middle items of the partition's sorted array. --}}
{{#*macro postgres.median_over expression partition_by=""}}
{{set value=(concat "cast(" expression " as double precision)")}}
{{set partition=""}}
{{#if partition_by}}{{set partition=(concat "partition by " partition_by)}}{{/if}}
{{set all_rows="rows between unbounded preceding and unbounded following"}}
{{#capture "sorted"}}(array_agg({{value}}) over ({{partition}} order by {{value}} {{all_rows}})){{/capture}}
{{#capture "count"}}count({{expression}}) over ({{partition}}){{/capture}}
(
  {{sorted}}[({{count}} + 1) / 2]
  + {{sorted}}[({{count}} + 2) / 2]
) / 2
{{/macro}}

{{!-- The median of an array of numbers as a double; null items are left out. --}}
{{#*macro duckdb.array_median array}}
list_aggregate(cast({{array}} as double[]), 'median')
{{/macro}}

{{#*macro postgres.array_median array}}
(select percentile_cont(0.5) within group (order by cast(item as double precision)) from unnest({{array}}) as items (item))
{{/macro}}

{{!-- The median absolute deviation of an array of numbers: the median of the distances from their median, as a double. --}}
{{#*macro duckdb.array_mad array}}
list_aggregate(
  list_transform(cast({{array}} as double[]), lambda item: abs(item - {{tsdbt.array_median array}})),
  'median'
)
{{/macro}}

{{#*macro postgres.array_mad array}}
(
  select percentile_cont(0.5) within group (order by abs(cast(item as double precision) - {{tsdbt.array_median array}}))
  from unnest({{array}}) as items (item)
)
{{/macro}}
