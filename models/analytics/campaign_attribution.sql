{{!-- Orders and revenue by campaign as each model of attribution sees them. Every model adds up to all orders; what no campaign led to stands under
`(unattributed)`. --}}
{{set models=(dict first_touch="first_touch_credit" last_touch="last_touch_credit" linear="linear_credit" position_based="position_credit" time_decay="time_decay_credit")}}
with credited as (
{{#each (items models) sep="union all" as |model|}}
  select
    {{literal model.key}} as attribution_model,
    campaign_key,
    sum({{model.value}}) as order_count,
    sum({{model.value}} * cast(items_amount as double precision)) as revenue,
    sum({{model.value}} * cast(margin_amount as double precision)) as margin
  from {{ref "fct_attribution"}}
  where order_date <= {{as_of}}
  group by campaign_key
{{/each}}
)

select
  credited.attribution_model,
  credited.campaign_key,
  coalesce(campaigns.campaign_code, '(unattributed)') as campaign_code,
  coalesce(campaigns.channel, '(unattributed)') as channel,
  {{rounded "credited.order_count" 6}} as credited_order_count,
  {{rounded "credited.revenue" 4}} as credited_revenue,
  {{rounded "credited.margin" 4}} as credited_margin
from credited
left join {{ref "dim_campaign"}} as campaigns
  on campaigns.campaign_key = credited.campaign_key
  and campaigns.is_current
