/** The files of a new project, by path; small, but with every part that a project has. */
export function starterProject(name: string): ReadonlyMap<string, string> {
  return new Map([
    ['project.yml', projectYml(name)],
    ['seeds/raw_orders.csv', rawOrders],
    ['models/staging/stg_orders.sql', stagingOrders],
    ['models/staging/stg_orders.yml', stagingProperties],
    ['models/marts/daily_sales.sql', dailySales],
    ['models/marts/daily_sales.yml', dailySalesProperties],
    ['tests/sales_match_orders.sql', salesMatchOrders],
    ['.gitignore', 'target/\nlogs/\n*.duckdb\n*.duckdb.wal\n'],
    ['README.md', readme(name)],
  ])
}

/** `profiles.yml` with one DuckDB target whose file lies in the project. */
export function starterProfile(name: string): string {
  return `${name}:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: ${name}.duckdb
      schema: main
      threads: 4
`
}

function projectYml(name: string): string {
  return `name: ${name}
version: '1.0'
profile: ${name}

models:
  ${name}:
    staging:
      +materialized: view
    marts:
      +materialized: table
`
}

const rawOrders = `order_id,customer,ordered_at,status,amount_cents
1001,Ana Lima,2026-01-03,completed,4250
1002,Björn Åkesson,2026-01-03,completed,1999
1003,Chen Wei,2026-01-04,returned,8800
1004,Dina Haddad,2026-01-05,completed,12500
1005,Ana Lima,2026-01-05,completed,700
1006,Ed Moore,2026-01-05,cancelled,3100
`

const stagingOrders = `select
    order_id,
    customer,
    cast(ordered_at as date) as order_date,
    status,
    cast(amount_cents / 100.0 as decimal(12, 2)) as amount
from {{ref "raw_orders"}}
`

const stagingProperties = `models:
  - name: stg_orders
    description: One row for each order, with money in dollars.
    columns:
      - name: order_id
        tests: [unique, not_null]
      - name: status
        tests:
          - accepted_values:
              values: [completed, returned, cancelled]
`

const dailySales = `select
    order_date,
    count(*) as orders,
    sum(amount) as sales
from {{ref "stg_orders"}}
where status = 'completed'
group by order_date
`

const dailySalesProperties = `models:
  - name: daily_sales
    description: Completed orders of each day.
    columns:
      - name: order_date
        tests: [unique, not_null]
`

const salesMatchOrders = `-- A test is a query for rows that are wrong: days whose sales are not the sum of their orders.
select d.order_date, d.sales, o.amount
from {{ref "daily_sales"}} as d
join (
    select order_date, sum(amount) as amount
    from {{ref "stg_orders"}}
    where status = 'completed'
    group by order_date
) as o on o.order_date = d.order_date
where d.sales <> o.amount
`

function readme(name: string): string {
  return `# ${name}

\`\`\`
tsdbt build                            # load the seed, build the models, run the tests, publish what passes
tsdbt show --select daily_sales        # look at the result
tsdbt ls --select +daily_sales         # what it depends on
\`\`\`

- \`seeds/\` holds small tables as CSV, \`models/\` the queries, \`tests/\` queries for rows that must not exist.
- \`models/**/*.yml\` describes models and their columns and says how columns are tested.
- \`profiles.yml\` says where the data lives. The database file is made by the first build.
`
}
