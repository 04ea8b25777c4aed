{{!-- Each step against the one before, joined anew. --}}
select steps.week_start, steps.campaign_code, steps.step_number, steps.visits, before.visits as visits_before
from {{ref "mart_funnel"}} as steps
inner join {{ref "mart_funnel"}} as before
  on before.week_start = steps.week_start
  and before.campaign_code = steps.campaign_code
  and before.step_number = steps.step_number - 1
where steps.visits > before.visits
  or steps.previous_step_visits <> before.visits
