{{!-- The date in a time zone at a moment given in UTC without zone. Days of 23 and 25 hours come out right. --}}
{{#*macro local_date moment zone}}
cast(timezone({{literal zone}}, timezone('UTC', {{moment}})) as date)
{{/macro}}

{{!-- The day of the report, as a date. --}}
{{#*macro as_of}}
cast({{literal (var "as_of_date")}} as date)
{{/macro}}

{{!-- A date so many days earlier (or, with a negative number, later). --}}
{{#*macro days_before date days}}
cast({{dateadd "day" (sub 0 days) date}} as date)
{{/macro}}
