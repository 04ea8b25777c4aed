/** A project with a resource of every kind and every way of describing one, by path. */
export const kitchenSink: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
version: 1.2.3
profile: shop
docs-paths: [docs, models]
snapshot-paths: [snapshots]
analysis-paths: [analyses]
on-run-start: ["select 1 as begun"]
on-run-end: ["{{#if true}}select 2 as ended{{/if}}"]
vars: { as_of: "2024-12-31", show_it: true }
models:
  shop:
    +persist_docs: { relation: true, columns: true }
    staging: { +tags: [staging], +materialized: view, +meta: { layer: staging } }
seeds: { shop: { +tags: [seeded], +docs: { node_color: green } } }
sources: { shop: { +tags: [raw], +enabled: '{{var "show_it"}}' } }
data_tests: { shop: { +severity: error } }
`,
  'models/staging/stg_orders.sql': `{{config docs=(dict show=false) event_time="ordered_at"}}
select id, customer, cast(ordered_at as timestamp) as ordered_at, {{cents "amount"}} as amount from {{source "shop" "orders"}}
`,
  'models/inner.sql':
    '{{config materialized="ephemeral"}}\nselect id, customer, amount from {{ref "stg_orders"}} where amount > 0\n',
  'models/orders.sql': `{{config materialized="incremental" unique_key="id" retries=1 timeout="5m" on_error="continue"}}
select cast(id as bigint) as id, cast(customer as varchar) as customer, cast(amount as decimal(18, 2)) as amount from {{ref "inner"}}
{{#if (is_incremental)}}where id > (select max(id) from {{this}}){{/if}}
`,
  'models/customers_v1.sql': 'select id, name from {{ref "names"}}\n',
  'models/customers_v2.sql': '{{config materialized="table"}}\nselect id, name, kind from {{ref "names"}}\n',
  'models/hidden.sql': '{{config enabled=(not (var "show_it"))}}\nselect 1 as id\n',
  'models/secret.sql': 'select id from {{ref "orders"}}\n',
  'models/reader.sql':
    'select c.id, {{function "doubled"}}(s.id) as sid from {{ref "customers"}} c join {{ref "secret"}} s on s.id = c.id\n',
  'functions/doubled.sql': 'x * 2\n',
  'functions/functions.yml': `functions:
  - name: doubled
    description: Twice as much
    config: { volatility: deterministic, tags: [arithmetic], meta: { owner: ada } }
    arguments: [{ name: x, data_type: bigint, description: A number }]
    returns: { data_type: bigint }
`,
  'models/models.yml': `version: 2
groups:
  - { name: finance, owner: { name: Ada, email: ada@example.com }, description: Money, config: { meta: { cost: 1 } } }
models:
  - name: stg_orders
    description: '{{doc "orders_doc"}}'
    columns:
      - { name: id, description: The key, data_type: integer, meta: { pii: false }, tags: [key], tests: [unique, not_null] }
      - { name: customer, tests: [{ relationships: { to: ref('names'), field: name } }] }
  - name: orders
    description: Orders
    config: { contract: { enforced: true }, on_schema_change: fail, meta: { owner: ada }, group: finance }
    constraints: [{ type: check, expression: amount > 0, name: positive }]
    columns:
      - { name: id, data_type: bigint, constraints: [{ type: not_null }], tests: [unique, { not_null: { config: { severity: warn, store_failures: true } } }] }
      - { name: customer, data_type: varchar }
      - { name: amount, data_type: "decimal(18, 2)", tests: [{ positive: { name: amount_is_positive, arguments: { above: -5 } } }] }
  - name: customers
    latest_version: 2
    columns: [{ name: id, tests: [not_null] }, { name: name }]
    versions:
      - { v: 1, deprecation_date: 2099-01-01 }
      - { v: 2, columns: [{ include: all }, { name: kind }] }
  - { name: secret, config: { access: private, group: finance, grants: {} } }
  - { name: reader, config: { group: finance } }
seeds:
  - { name: names, description: Names, columns: [{ name: id }], config: { column_types: { id: integer } } }
sources:
  - name: shop
    description: The shop
    schema: raw
    meta: { team: web }
    loader: tsdbt
    freshness: { warn_after: { count: 1, period: day }, error_after: { count: 9999, period: day } }
    tables:
      - name: orders
        description: As they come
        files: { location: data/orders.csv, format: csv }
        columns: [{ name: id, data_type: integer, tests: [not_null] }, { name: amount, data_type: integer }]
      - { name: copy, identifier: orders, loaded_at_field: _loaded_at, config: { event_time: ordered_at } }
exposures:
  - name: board
    label: The board
    type: dashboard
    maturity: high
    url: https://example.com/board
    description: Weekly
    depends_on: [ref('orders'), "source('shop', 'orders')"]
    owner: { name: Ada, email: ada@example.com }
    config: { tags: [weekly], meta: { tier: 1 } }
exports:
  - name: orders_file
    description: For spreadsheets
    from: ref('orders')
    to: out/orders.parquet
    owner: { name: Ada, email: [ada@example.com, bi@example.com] }
    tags: [weekly]
    meta: { tier: 2 }
unit_tests:
  - name: converts_cents
    description: Cents become euros
    model: stg_orders
    given: [{ input: "source('shop', 'orders')", rows: [{ id: 1, customer: a, ordered_at: 2024-01-01, amount: 150 }] }]
    expect: { rows: [{ id: 1, customer: a, amount: 1.5 }] }
macros:
  - { name: cents, description: Cents to euros, arguments: [{ name: column, type: text, description: a column }] }
`,
  'models/docs.md': '{% docs orders_doc %}\nOne row for each **order**.\n{% enddocs %}\n',
  'macros/cents.sql': '{{#*macro cents column}}{{column}} / 100.0{{/macro}}\n',
  'macros/positive.sql':
    '{{#*test positive model column_name above=0}}select {{column_name}} from {{model}} where {{column_name}} <= {{above}}{{/test}}\n',
  'tests/no_future.sql': '{{config severity="warn"}}\nselect id from {{ref "orders"}} where amount > 1000000\n',
  'analyses/totals.sql': 'select sum(amount) as total from {{ref "orders"}}\n',
  'snapshots/snapshots.yml': `snapshots:
  - name: names_history
    relation: ref('names')
    description: How names were
    config: { strategy: check, unique_key: id, check_cols: [name] }
`,
  'selectors.yml': `selectors:
  - { name: nightly, description: Every night, definition: { method: tag, value: staging, children: true } }
  - { name: rest, definition: { union: ["orders+", { exclude: ["tag:seeded"] }] } }
`,
  'seeds/names.csv': 'id,name,kind\n1,a,x\n2,b,y\n',
  'data/orders.csv': 'id,customer,ordered_at,amount\n1,a,2024-01-01 10:00:00,150\n2,b,2024-01-02 11:00:00,250\n',
}
