select
  experiment,
  visitor_id,
  variant,
  assigned_at,
  _loaded_at as loaded_at
from {{source "shop" "experiment_assignments"}}
