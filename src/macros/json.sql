{{!-- What stands at a path in a JSON value, as text; null for JSON's null and where there is nothing. The path is plain text, names and
positions (from 0) joined by points: `items.0.price`. Another `separator` reaches names that hold a point. Cast numbers before comparing:
DuckDB prints 1.50 as 1.5. --}}
{{#*macro duckdb.json_get expression path separator="."}}
{{set keys=(list)}}
{{#each (split path separator) as |key|}}{{push keys (replace (replace key "~" "~0") "/" "~1")}}{{/each}}
json_extract_string({{expression}}, {{literal (concat "/" (join keys "/"))}})
{{/macro}}

{{#*macro postgres.json_get expression path separator="."}}
(cast({{expression}} as json) #>> array[{{literals (split path separator)}}])
{{/macro}}
