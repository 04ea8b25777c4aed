{{!-- Whether the whole text fits a regular expression, given as plain text; null for null. `.` matches a line break too. --}}
{{#*macro duckdb.matches expression pattern}}
regexp_full_match({{expression}}, {{literal pattern}}, 's')
{{/macro}}

{{#*macro postgres.matches expression pattern}}
({{expression}} ~ {{literal (concat "^(?:" pattern ")$")}})
{{/macro}}

{{!-- The nth piece of a text, counted from 1; empty text when there is none. The delimiter is SQL: `"','"`. A negative number
counts from the end. --}}
{{#*macro duckdb.split_part string_text delimiter_text part_number}}
split_part({{string_text}}, {{delimiter_text}}, {{part_number}})
{{/macro}}

{{!-- Before Postgres 14 a position cannot be negative, so the text is read backwards. --}}
{{#*macro postgres.split_part string_text delimiter_text part_number}}
{{set number=(string part_number)}}
{{#if (and (gte number "-") (lt number "."))}}
reverse(split_part(reverse({{string_text}}), reverse({{delimiter_text}}), -({{number}})))
{{else}}
split_part({{string_text}}, {{delimiter_text}}, {{number}})
{{/if}}
{{/macro}}

{{!-- The last characters of a text. --}}
{{#*macro right string_text length_expression}}
right({{string_text}}, {{length_expression}})
{{/macro}}

{{!-- Where a text stands in another, counted from 1; 0 when it does not. --}}
{{#*macro position substring_text string_text}}
cast(position({{substring_text}} in {{string_text}}) as integer)
{{/macro}}

{{!-- Text whose order is that of its bytes, the same on every machine: `order by {{byte_order "name"}}`. --}}
{{#*macro byte_order expression}}
{{expression}} collate "C"
{{/macro}}

{{!-- A text with its apostrophes doubled, to stand inside an SQL string. `literal` also writes the quotes. --}}
{{#*macro escape_single_quotes expression}}
{{replace expression "'" "''"}}
{{/macro}}

{{!-- The value of a parameter in a URL, not decoded; null when it is missing or empty. The name is plain text. --}}
{{#*macro get_url_parameter field url_parameter}}
nullif(split_part(split_part('&' || replace(split_part({{field}}, '#', 1), '?', '&'), {{literal (concat "&" url_parameter "=")}}, 2), '&', 1), '')
{{/macro}}

{{!-- The host of a URL, without scheme, port, path and parameters. --}}
{{#*macro get_url_host field}}
split_part(split_part(split_part(split_part(regexp_replace({{field}}, '^[a-zA-Z][a-zA-Z0-9+.-]*://', ''), '/', 1), '?', 1), '#', 1), ':', 1)
{{/macro}}

{{!-- The path of a URL, without the leading slash and parameters; empty text for the root. --}}
{{#*macro get_url_path field}}
split_part(split_part(regexp_replace({{field}}, '^([a-zA-Z][a-zA-Z0-9+.-]*://)?[^/?#]*/?', ''), '?', 1), '#', 1)
{{/macro}}
