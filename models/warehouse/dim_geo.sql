select
  country_code,
  iso_alpha3,
  m49_code,
  country_name,
  region,
  sub_region,
  is_emea,
  source
from {{ref "countries"}}
