{{!-- The list of campaigns says nothing of its changes: they are noticed by comparison, on the day of the report. --}}
{{config
  strategy="check"
  unique_key="campaign_code"
  check_cols="all"
  snapshot_time=(var "as_of_date")
}}
select
  campaign_code,
  campaign_name,
  platform,
  campaign_type,
  external_id,
  starts_on,
  ends_on,
  budget
from {{ref "stg_shop__campaigns"}}
