{{!--
  The time of a version of a dimension, made of a snapshot. What was before the first state that is known is unknown, and taken to be
  the same: so every event finds a version.
--}}
{{#*macro version_columns key}}
case
  when row_number() over (partition by {{key}} order by dbt_valid_from) = 1 then timestamp '1900-01-01 00:00:00'
  else dbt_valid_from
end as valid_from,
dbt_valid_to as valid_to,
dbt_valid_to = timestamp '9999-12-31 00:00:00' as is_current
{{/macro}}

{{!-- Joins an event to the version that was valid at its moment: from the first instant of the version to before its end. --}}
{{#*macro valid_at version moment}}
{{moment}} >= {{version}}.valid_from and {{moment}} < {{version}}.valid_to
{{/macro}}
