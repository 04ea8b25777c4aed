select
  campaign_code,
  name as campaign_name,
  platform,
  campaign_type,
  external_id,
  starts_on,
  ends_on,
  budget,
  countries,
  _loaded_at as loaded_at
from {{source "shop" "campaigns"}}
