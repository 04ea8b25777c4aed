{{!-- The number that Meta reports for one action type in its list of actions, or null. A type stands in a list at most once. --}}
{{#*macro duckdb.action_value actions action_type}}
cast(struct_extract(list_extract(list_filter(
  from_json({{actions}}, '[{"action_type": "VARCHAR", "value": "VARCHAR"}]'),
  lambda action: action.action_type = {{literal action_type}}
), 1), 'value') as numeric(18, 6))
{{/macro}}

{{#*macro postgres.action_value actions action_type}}
(
  select cast(max(action ->> 'value') as numeric(18, 6))
  from jsonb_array_elements(cast({{actions}} as jsonb)) as listed (action)
  where action ->> 'action_type' = {{literal action_type}}
)
{{/macro}}

{{!-- One purchase is reported under up to three names: the widest that is there counts, and no two are added. --}}
{{#*macro purchases_in actions}}
coalesce(
  {{action_value actions "omni_purchase"}},
  {{action_value actions "purchase"}},
  {{action_value actions "offsite_conversion.fb_pixel_purchase"}},
  0
)
{{/macro}}
