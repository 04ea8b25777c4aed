{{!-- Of each day for which a platform tells countries: what its campaigns delivered is the same by country as by ad group, to a millionth of the account's
currency. Adding the two to each other would count everything twice. --}}
with by_country as (
  select
    platform, campaign_id, date_day, sum(impressions) as impressions, sum(clicks) as clicks, sum(native_spend) as native_spend
  from {{ref "fct_ad_geo_daily"}}
  group by platform, campaign_id, date_day
),

told as (
  select distinct platform, date_day from by_country
),

by_ad_group as (
  select
    facts.platform,
    facts.campaign_id,
    facts.date_day,
    sum(facts.impressions) as impressions,
    sum(facts.clicks) as clicks,
    sum(facts.native_spend) as native_spend
  from {{ref "fct_ad_daily"}} as facts
  inner join told
    on told.platform = facts.platform
    and told.date_day = facts.date_day
  group by facts.platform, facts.campaign_id, facts.date_day
)

select
  coalesce(by_ad_group.platform, by_country.platform) as platform,
  coalesce(by_ad_group.campaign_id, by_country.campaign_id) as campaign_id,
  coalesce(by_ad_group.date_day, by_country.date_day) as date_day,
  by_ad_group.native_spend,
  by_country.native_spend as native_spend_by_country
from by_ad_group
full outer join by_country
  on by_country.platform = by_ad_group.platform
  and by_country.campaign_id = by_ad_group.campaign_id
  and by_country.date_day = by_ad_group.date_day
where coalesce(by_ad_group.impressions, 0) <> coalesce(by_country.impressions, 0)
  or coalesce(by_ad_group.clicks, 0) <> coalesce(by_country.clicks, 0)
  or coalesce(by_ad_group.native_spend, 0) <> coalesce(by_country.native_spend, 0)
