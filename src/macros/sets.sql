{{!-- The rows of the first query that the second lacks. --}}
{{#*macro except}}except{{/macro}}

{{!-- The rows that two queries share. --}}
{{#*macro intersect}}intersect{{/macro}}

{{!-- One row for each combination of `partition_by`, the first by `order_by`. Both are SQL and may name several columns.
Say `nulls last` in a descending order: without it DuckDB puts nulls last and Postgres first. --}}
{{#*macro duckdb.deduplicate relation partition_by order_by}}
select *
from {{relation}}
qualify row_number() over (partition by {{partition_by}} order by {{order_by}}) = 1
{{/macro}}

{{#*macro postgres.deduplicate relation partition_by order_by}}
select distinct on ({{partition_by}}) *
from {{relation}}
order by {{partition_by}}, {{order_by}}
{{/macro}}

{{!-- `group by` the first n columns. --}}
{{#*macro group_by n}}
group by {{#each (range n) sep=", " as |i|}}{{add i 1}}{{/each}}
{{/macro}}

{{!-- A query of the whole numbers from 1 to a bound, in the column `generated_number`. --}}
{{#*macro generate_series upper_bound}}
select cast(generated_number as bigint) as generated_number
from generate_series(1, {{upper_bound}}) as series (generated_number)
{{/macro}}
