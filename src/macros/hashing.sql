{{!-- The MD5 of a value's text: 32 hexadecimal digits, null for null. --}}
{{#*macro hash field}}
md5(cast({{field}} as text))
{{/macro}}

{{!-- A key made of several columns: the MD5 of their texts joined by `-`, a null as a mark of its own, so that null and empty text
differ. The keys are those of dbt_utils. A double prints as `1.0` in DuckDB and `1` in Postgres: cast it before. --}}
{{#*macro generate_surrogate_key field_list}}
{{set null_mark="'_dbt_utils_surrogate_key_null_'"}}
md5({{#each field_list sep=" || '-' || " as |field|}}coalesce(cast({{field}} as text), {{null_mark}}){{/each}})
{{/macro}}

{{!-- The same as `generate_surrogate_key`. --}}
{{#*macro surrogate_key field_list}}
{{tsdbt.generate_surrogate_key field_list}}
{{/macro}}
