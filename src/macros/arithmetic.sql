{{!-- A ratio as a double; null when the denominator is zero or null. Integers divide as numbers: 7 by 2 is 3.5 on both engines. --}}
{{#*macro safe_divide numerator denominator}}
(cast({{numerator}} as double precision) / nullif({{denominator}}, 0))
{{/macro}}

{{!-- The sum of a list of expressions, where null counts as 0. --}}
{{#*macro safe_add field_list}}
({{#each field_list sep=" + " as |field|}}coalesce({{field}}, 0){{/each}})
{{/macro}}

{{!-- The first of a list of expressions minus all others, where null counts as 0. --}}
{{#*macro safe_subtract field_list}}
({{#each field_list sep=" - " as |field|}}coalesce({{field}}, 0){{/each}})
{{/macro}}
