select
  {{surrogate_key (list "campaigns.campaign_code")}} as campaign_key,
  campaigns.dbt_scd_id as campaign_version_key,
  campaigns.campaign_code,
  campaigns.campaign_name,
  campaigns.platform,
  campaigns.campaign_type,
  channels.channel,
  channels.reports_spend,
  campaigns.external_id,
  campaigns.starts_on,
  campaigns.ends_on,
  campaigns.budget,
  {{version_columns "campaigns.campaign_code"}}
from {{ref "campaign_history"}} as campaigns
left join {{ref "channel_mapping"}} as channels
  on channels.platform = campaigns.platform
  and channels.campaign_type = campaigns.campaign_type
