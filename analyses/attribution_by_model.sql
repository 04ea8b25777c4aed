-- How far the models of attribution differ: each campaign's share of the credited revenue under each of them.
select
    campaign_code,
{{#each (list "first_touch" "last_touch" "linear" "position_based" "time_decay") sep="," as |model|}}
    round(sum(credited_revenue) filter (where attribution_model = {{literal model}}), 2) as {{model}}
{{/each}}
from {{ref "campaign_attribution"}}
group by campaign_code
order by campaign_code
