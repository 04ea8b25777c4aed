{{config
  materialized="incremental"
  unique_key=(list "date_day" "platform" "account_id" "campaign_id" "ad_group_id" "creative_id" "device" "network")
  on_schema_change="fail"
}}
{{!-- What cannot be converted is in `ad_daily_refused`. --}}
select ads.*
from {{ref "int_ad_daily"}} as ads
{{#if (is_incremental)}}
left join (
  select
    platform,
    max(date_day) as last_day,
    min(case when not is_mature then date_day end) as first_open_day,
    max(loaded_at) as last_loaded_at
  from {{this}}
  group by platform
) as known
  on known.platform = ads.platform
{{/if}}
where ads.exchange_rate is not null
{{#if (is_incremental)}}
  {{!-- A day may change until it is mature; older days count only when a file brought them since. --}}
  and (
    known.platform is null
    or ads.date_day >= coalesce(known.first_open_day, known.last_day)
    or ads.loaded_at > known.last_loaded_at
  )
{{/if}}
