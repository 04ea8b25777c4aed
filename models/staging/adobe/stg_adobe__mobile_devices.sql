select
  mobile_id,
  manufacturer,
  device as device_name,
  case device_type when 'Mobile Phone' then 'mobile' when 'Tablet' then 'tablet' end as device,
  _loaded_at as loaded_at
from {{source "adobe" "mobile_attributes"}}
