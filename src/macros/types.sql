{{!-- An expression as another type; an error when a value does not fit. --}}
{{#*macro cast field type}}
cast({{field}} as {{type}})
{{/macro}}

{{!-- An expression as another type, or null where the text is no such value. Text must be a whole number for an integer and
`YYYY-MM-DD` for a date, so that no engine guesses: DuckDB alone would round '1.5' to 2, Postgres alone would read '01/02/2024'. --}}
{{#*macro duckdb.safe_cast field type}}
{{#if (in (lower type) (tsdbt._integer_types))}}
case when regexp_full_match(trim(cast({{field}} as text)), '[+-]?[0-9]+') then try_cast({{field}} as {{type}}) end
{{else}}
try_cast({{field}} as {{type}})
{{/if}}
{{/macro}}

{{!-- Needs Postgres 16: earlier ones cannot ask whether a text is valid. --}}
{{#*macro postgres.safe_cast field type}}
{{set base=(first (split (lower type) "("))}}
{{set shape=""}}
{{#if (in base (tsdbt._integer_types))}}
{{set shape="^\s*[+-]?[0-9]+\s*$"}}
{{else if (in base (list "numeric" "decimal" "double precision" "float8" "float" "real"))}}
{{set shape="^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"}}
{{else if (in base (list "date" "timestamp" "timestamptz" "timestamp with time zone" "timestamp without time zone"))}}
{{set shape="^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"}}
{{/if}}
cast(
  case when {{#if shape}}cast({{field}} as text) ~ {{literal shape}} and {{/if}}pg_input_is_valid(cast({{field}} as text), {{literal type}})
  then cast({{field}} as text) end
  as {{type}}
)
{{/macro}}

{{!-- The names of the integer types. --}}
{{#*macro _integer_types}}
{{return (list "integer" "int" "int4" "bigint" "int8" "smallint" "int2")}}
{{/macro}}

{{!-- Text of any length. --}}
{{#*macro type_string}}text{{/macro}}

{{!-- Whole numbers of 32 bits. --}}
{{#*macro type_integer}}integer{{/macro}}

{{!-- The same as `type_integer`. --}}
{{#*macro type_int}}{{tsdbt.type_integer}}{{/macro}}

{{!-- Whole numbers of 64 bits. --}}
{{#*macro type_bigint}}bigint{{/macro}}

{{!-- Exact decimals: 28 digits, 6 of them after the point, as in dbt. --}}
{{#*macro type_numeric}}numeric(28, 6){{/macro}}

{{!-- Floating point of 64 bits. The name `float` would mean 32 bits in DuckDB and 64 in Postgres. --}}
{{#*macro type_float}}double precision{{/macro}}

{{!-- True, false or null. --}}
{{#*macro type_boolean}}boolean{{/macro}}

{{!-- A day without time. --}}
{{#*macro type_date}}date{{/macro}}

{{!-- A moment without time zone, to the microsecond. --}}
{{#*macro type_timestamp}}timestamp{{/macro}}
