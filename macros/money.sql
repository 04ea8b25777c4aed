{{!-- A double as an exact amount, halves rounded up. Written out because the engines round a half, and the digits after it, each in their own way
when they cast a double. Exact up to nine trillion units of the last digit. --}}
{{#*macro rounded expression digits}}
{{#capture "zeros"}}{{#each (range digits) as |i|}}0{{/each}}{{/capture}}
cast(
  cast(floor(({{expression}}) * 1{{zeros}} + 0.5) as bigint) * cast(0.{{slice zeros 1 digits}}1 as numeric({{add digits 1}}, {{digits}}))
  as numeric(18, {{digits}})
)
{{/macro}}

{{!-- A ratio of two sums to six digits; null when the denominator is zero or null. Hand it sums, never ratios. --}}
{{#*macro ratio numerator denominator}}
{{rounded (safe_divide numerator denominator) 6}}
{{/macro}}

{{!-- Millionths of a currency as an exact amount: 20836690 is 20.836690. Multiplied, because a division would be a double. --}}
{{#*macro from_micros column}}
cast({{column}} * cast(0.000001 as numeric(7, 6)) as numeric(18, 6))
{{/macro}}

{{!-- The amount of a text such as `37.33 USD`. --}}
{{#*macro amount_of column}}
cast({{split_part column "' '" 1}} as numeric(18, 2))
{{/macro}}

{{!-- The currency of a text such as `37.33 USD`; null when it names none. --}}
{{#*macro currency_of column}}
nullif({{split_part column "' '" 2}}, '')
{{/macro}}

{{!-- An amount in another currency, to six digits. The rate is the number of target units for one of the source. --}}
{{#*macro converted amount rate}}
cast(round({{amount}} * {{rate}}, 6) as numeric(18, 6))
{{/macro}}
