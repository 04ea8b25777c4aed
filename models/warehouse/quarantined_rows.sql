{{config materialized="view"}}
{{!-- Every record of every file that a load refused, with the reason: what a data steward reads in the morning. --}}
{{set tables=(list
  (list "shop" "customers") (list "shop" "products") (list "shop" "campaigns") (list "shop" "orders")
  (list "shop" "order_items") (list "shop" "clickstream") (list "shop" "inventory")
  (list "google_ads" "campaign_daily") (list "google_ads" "geographic") (list "meta" "insights")
  (list "meta" "country") (list "adobe" "hits") (list "adobe" "mobile_attributes") (list "reference" "exchange_rates") (list "superstore" "orders")
)}}
{{#each tables sep="union all" as |table|}}
select
  {{literal (first table)}} as source_name,
  {{literal (last table)}} as table_name,
  _file as file_path,
  _line as line_number,
  _column as column_name,
  _reason as reason,
  _raw as raw_text,
  _loaded_at as loaded_at
from {{quarantine (first table) (last table)}}
{{/each}}
