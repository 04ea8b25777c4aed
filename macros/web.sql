{{!-- A moment given in seconds since 1970, UTC. --}}
{{#*macro from_epoch seconds}}
timestamp '1970-01-01 00:00:00' + {{seconds}} * interval '1 second'
{{/macro}}

{{!-- Whether an event is in a list of numbers joined by commas. --}}
{{#*macro has_event list number}}
coalesce(',' || {{list}} || ',' like '%,{{number}},%', false)
{{/macro}}

{{!-- The text of a value of a data feed, where a backslash stands before tabs, line breaks and backslashes. --}}
{{#*macro unescaped value}}
replace({{value}}, '\\', '\')
{{/macro}}

{{!-- The campaign that a visit stands under: its code, `(unknown)` where the link names none of the list, `(direct)` without such a link. --}}
{{#*macro campaign_label campaign_code tracking_code}}
coalesce({{campaign_code}}, case when {{tracking_code}} is null then '(direct)' else '(unknown)' end)
{{/macro}}
