{{!-- The one spelling of a unit of time: `year quarter month week day hour minute second`, whatever the case. --}}
{{#*macro _unit datepart}}
{{set unit=(lower datepart)}}
{{set known=(list "year" "quarter" "month" "week" "day" "hour" "minute" "second")}}
{{#if (not (in unit known))}}
{{error (concat "unknown date part `" datepart "`: use one of " (join known ", "))}}
{{/if}}
{{unit}}
{{/macro}}

{{!-- One unit as an interval. Postgres knows no interval of a quarter, so it is three months on both engines. --}}
{{#*macro _step datepart}}
{{set unit=(tsdbt._unit datepart)}}
{{#if (eq unit "quarter")}}interval '3 months'{{else}}interval '1 {{unit}}'{{/if}}
{{/macro}}

{{!-- The beginning of the unit in which a date or time lies, as a timestamp. Weeks begin on Monday. --}}
{{#*macro date_trunc datepart date}}
date_trunc('{{tsdbt._unit datepart}}', cast({{date}} as timestamp))
{{/macro}}

{{!-- A date or time moved by a number of units, as a timestamp. `interval` is a number or an SQL expression and may be
negative. A day that the month does not have becomes the month's last day: January 31 plus a month is February 29 in 2024. --}}
{{#*macro dateadd datepart interval from_date_or_timestamp}}
(cast({{from_date_or_timestamp}} as timestamp) + {{tsdbt._step datepart}} * ({{interval}}))
{{/macro}}

{{!-- How many borders of the unit lie between two moments, as a bigint: from December 31 to January 1 it is one day, one month
and one year. Negative when the second is earlier. Weeks begin on Monday. --}}
{{#*macro duckdb.datediff first_date second_date datepart}}
{{set unit=(tsdbt._unit datepart)}}
{{#if (eq unit "week")}}
{{tsdbt._weeks_between first_date second_date}}
{{else}}
date_diff('{{unit}}', cast({{first_date}} as timestamp), cast({{second_date}} as timestamp))
{{/if}}
{{/macro}}

{{#*macro postgres.datediff first_date second_date datepart}}
{{set unit=(tsdbt._unit datepart)}}
{{set first=(concat "cast(" first_date " as timestamp)")}}
{{set second=(concat "cast(" second_date " as timestamp)")}}
{{#if (eq unit "year")}}
cast(extract(year from {{second}}) - extract(year from {{first}}) as bigint)
{{else if (eq unit "quarter")}}
cast((extract(year from {{second}}) - extract(year from {{first}})) * 4 + extract(quarter from {{second}}) - extract(quarter from {{first}}) as bigint)
{{else if (eq unit "month")}}
cast((extract(year from {{second}}) - extract(year from {{first}})) * 12 + extract(month from {{second}}) - extract(month from {{first}}) as bigint)
{{else if (eq unit "week")}}
{{tsdbt._weeks_between first_date second_date}}
{{else if (eq unit "day")}}
cast(cast({{second_date}} as date) - cast({{first_date}} as date) as bigint)
{{else if (eq unit "hour")}}
cast(extract(epoch from date_trunc('hour', {{second}}) - date_trunc('hour', {{first}})) / 3600 as bigint)
{{else if (eq unit "minute")}}
cast(extract(epoch from date_trunc('minute', {{second}}) - date_trunc('minute', {{first}})) / 60 as bigint)
{{else}}
cast(extract(epoch from date_trunc('second', {{second}}) - date_trunc('second', {{first}})) as bigint)
{{/if}}
{{/macro}}

{{!-- Mondays between two moments. DuckDB's own difference in weeks counts spans of seven days from the Unix epoch, a Thursday, which
disagrees with `date_trunc`: from a Sunday to the next Monday it is 0. --}}
{{#*macro _weeks_between first_date second_date}}
cast((cast({{tsdbt.date_trunc "week" second_date}} as date) - cast({{tsdbt.date_trunc "week" first_date}} as date)) / 7 as bigint)
{{/macro}}

{{!-- The last day of the unit in which a date lies, as a date; of the month unless told otherwise. --}}
{{#*macro last_day date datepart="month"}}
cast({{tsdbt.date_trunc datepart date}} + {{tsdbt._step datepart}} - interval '1 day' as date)
{{/macro}}

{{!-- A part of a date or time as a bigint: a unit of time, or `dayofweek` (0 is Sunday), `isodow` (1 is Monday, 7 is Sunday),
`dayofyear`, `isoyear` or `epoch` (seconds since 1970). `week` is the ISO week. Fractions of a second are dropped. --}}
{{#*macro date_part datepart date}}
{{set names=(dict dayofweek="dow" dow="dow" isodow="isodow" dayofyear="doy" doy="doy" isoyear="isoyear" epoch="epoch")}}
{{set part=(get names (lower datepart) "")}}
{{#if (not part)}}{{set part=(tsdbt._unit datepart)}}{{/if}}
{{#if (in part (list "second" "epoch"))}}
cast(floor(extract({{part}} from cast({{date}} as timestamp))) as bigint)
{{else}}
cast(extract({{part}} from cast({{date}} as timestamp)) as bigint)
{{/if}}
{{/macro}}

{{!-- The first day of the month in which a date lies, as a date. --}}
{{#*macro month_start date}}
cast({{tsdbt.date_trunc "month" date}} as date)
{{/macro}}

{{!-- Whole months from the first moment to the second, as a bigint: the largest number of months that `dateadd` can add to the
first without passing the second. Negative when the second is earlier. `datediff` counts begun months instead. --}}
{{#*macro duckdb.months_between first_date second_date}}
date_sub('month', cast({{first_date}} as timestamp), cast({{second_date}} as timestamp))
{{/macro}}

{{#*macro postgres.months_between first_date second_date}}
{{set first=(concat "cast(" first_date " as timestamp)")}}
{{set second=(concat "cast(" second_date " as timestamp)")}}
{{set months=(tsdbt.datediff first_date second_date "month")}}
case
  when {{second}} >= {{first}} then {{months}} - cast({{first}} + interval '1 month' * {{months}} > {{second}} as integer)
  else {{months}} + cast({{second}} - interval '1 month' * {{months}} > {{first}} as integer)
end
{{/macro}}

{{!-- A query with one row for each unit from the start up to, but without, the end. Its one column is `date_day`, `date_month` …:
a date, or a timestamp for units below a day. Start and end are SQL expressions, sub-queries in parentheses included. --}}
{{#*macro date_spine datepart start_date end_date}}
{{set unit=(tsdbt._unit datepart)}}
{{set type="date"}}
{{#if (in unit (list "hour" "minute" "second"))}}{{set type="timestamp"}}{{/if}}
select cast({{tsdbt.dateadd unit "step" start_date}} as {{type}}) as date_{{unit}}
from (
  {{tsdbt._steps (tsdbt.datediff start_date end_date unit)}}
) as steps
where {{tsdbt.dateadd unit "step" start_date}} < cast({{end_date}} as timestamp)
{{/macro}}

{{!-- The numbers from 0 to `last` in a column `step`. DuckDB takes no sub-query as an argument of a table function. --}}
{{#*macro duckdb._steps last}}
select unnest(generate_series(0, {{last}})) as step
{{/macro}}

{{#*macro postgres._steps last}}
select generate_series(0, {{last}}) as step
{{/macro}}

{{!-- Now, with time zone: for `loaded_at` columns and freshness. A model should read the variable `as_of_date` instead, so that
it gives the same rows again. --}}
{{#*macro current_timestamp}}
current_timestamp
{{/macro}}
