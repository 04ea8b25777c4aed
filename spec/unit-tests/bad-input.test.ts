import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { found, UnitTested } from './shop.ts'

interface Mistake {
  /** Below `unit_tests:`. */
  readonly yaml: string
  readonly files?: Readonly<Record<string, string>>
  /** Each diagnostic as `code place message`, with its hints and notes behind. */
  readonly says: string
  /** 2 when nothing was executed. */
  readonly exitCode: 0 | 1 | 2
}

const of = (model: string, rest: string): string => `  - name: t
    model: ${model}
${rest
  .trim()
  .split('\n')
  .map((line) => `    ${line}\n`)
  .join('')}`
const orders = (given: string, expect = 'expect: {rows: []}'): string => of('orders', `given:\n  - ${given}\n${expect}`)
const stg = "{input: ref('stg_orders'), rows: [{id: 1}]}"

const mistakes: Readonly<Record<string, Mistake>> = {
  'unknown model': {
    yaml: of('order', 'expect: {rows: []}'),
    says: 'unit-test/unknown-model 3:12 the unit test `t` is for the model `order`, which does not exist | did you mean `orders`?',
    exitCode: 2,
  },
  'unknown input': {
    yaml: orders("{input: ref('stg_order'), rows: []}"),
    says: "unit-test/unknown-input 5:17 the model `orders` does not read `ref('stg_order')` | did you mean `ref('stg_orders')`?",
    exitCode: 2,
  },
  'no reference': {
    yaml: orders('{input: stg_orders, rows: []}'),
    says: "unit-test/bad-input 5:17 `stg_orders` is no input | write `ref('stg_orders')`",
    exitCode: 2,
  },
  'an input twice': {
    yaml: orders(`${stg}\n  - ${stg}`),
    says: "unit-test/input-twice 6:17 the rows of `ref('stg_orders')` are given twice | put all rows into one entry",
    exitCode: 2,
  },
  'a missing input': {
    yaml: of('orders', 'given: []\nexpect: {rows: []}'),
    says: "unit-test/input-not-given 4:5 `t` gives no rows of `ref('stg_orders')`, which the model reads | add `{input: ref('stg_orders'), rows: []}` to `given`, with the rows that matter",
    exitCode: 1,
  },
  'unknown column of an input': {
    yaml: orders("{input: ref('stg_orders'), rows: [{id: 1, amont: 2}]}"),
    says: "unit-test/unknown-column 5:51 `ref('stg_orders')` has no column `amont` | did you mean `amount`?",
    exitCode: 1,
  },
  'unknown expected column': {
    yaml: orders(stg, 'expect: {rows: [{contry: a}]}'),
    says: 'unit-test/unknown-expected-column 6:22 the model makes no column `contry` | did you mean `country`?',
    exitCode: 1,
  },
  'a value of another type': {
    yaml: orders("{input: ref('stg_orders'), rows: [{id: one, amount: 5}]}"),
    says: 'unit-test/unfit-value 5:48 `one` is no value of the column `id`, which is `bigint`',
    exitCode: 1,
  },
  'an expected value of another type': {
    yaml: orders(stg, 'expect: {rows: [{id: one}]}'),
    says: 'unit-test/unfit-value 6:26 `one` is no value of the column `id`, which is `bigint`',
    exitCode: 1,
  },
  'rows of different columns': {
    yaml: orders(stg, 'expect: {rows: [{id: 1, amount: 2}, {id: 2}]}'),
    says: 'config/uneven-rows 6:41 this expected row does not name `amount`, which another one does | write the same columns in every row; `null` is a value, too',
    exitCode: 2,
  },
  'a long CSV row': {
    yaml: orders("input: ref('stg_orders')\n    format: csv\n    rows: |\n      id,amount\n      1,2,3"),
    says: 'config/fixture-row-width 9:11 this row has 3 values, but the fixture has 2 columns | put a value that holds a comma in double quotes',
    exitCode: 2,
  },
  'a short row of a CSV file': {
    yaml: orders("{input: ref('stg_orders'), fixture: short}"),
    files: { 'tests/fixtures/short.csv': 'id,amount\n1,2\n3\n' },
    says: 'config/fixture-row-width tests/fixtures/short.csv:3:1 this row has 1 value, but the fixture has 2 columns | the columns are `id`, `amount`; an empty value is null',
    exitCode: 2,
  },
  'an open quote': {
    yaml: orders("input: ref('stg_orders')\n    format: csv\n    rows: |\n      id,code\n      1,\"DE"),
    says: 'config/fixture-quote 9:13 this quote is never closed',
    exitCode: 2,
  },
  'no fixture of the name': {
    yaml: orders("{input: ref('stg_orders'), fixture: odrers}"),
    files: { 'tests/fixtures/orders.csv': 'id\n1\n' },
    says: 'unit-test/unknown-fixture 5:45 there is no fixture `odrers` | did you mean `orders`?',
    exitCode: 2,
  },
  'a wrong format': {
    yaml: orders("{input: ref('stg_orders'), format: csw, rows: []}"),
    says: 'config/wrong-value 5:44 `csw` is no format of rows | did you mean `csv`? | allowed: `dict`, `csv`, `sql`',
    exitCode: 2,
  },
  'text without a format': {
    yaml: orders("{input: ref('stg_orders'), rows: 'select 1 as id'}"),
    says: "config/fixture-format 5:42 the rows of ref('stg_orders') are text, but `format` is `dict` | say `format: csv` or `format: sql`",
    exitCode: 2,
  },
  'rows and a fixture': {
    yaml: orders("{input: ref('stg_orders'), rows: [{id: 1}], fixture: a}"),
    says: 'config/rows-twice 5:53 rows are given twice: by `rows` and by `fixture` | keep one of them',
    exitCode: 2,
  },
  'no rows': {
    yaml: orders("{input: ref('stg_orders')}"),
    says: "config/missing-key 5:17 `rows` is missing in the rows of ref('stg_orders') | for example `rows: []`",
    exitCode: 2,
  },
  'no expectation': {
    yaml: of('orders', 'given: []'),
    says: 'config/missing-key 2:5 `expect` is missing in the unit test `t` | for example `expect: {rows: []}`',
    exitCode: 2,
  },
  'an incremental model without the override': {
    yaml: of('merged', `given: [${stg}]\nexpect: {rows: []}`),
    says: 'unit-test/incremental-override 2:11 `merged` is incremental, and `t` does not say whether its table stands already | write `overrides: {macros: {is_incremental: false}}`, or `true` together with `input: this` | or expect the table itself: `expect: {table_after: …}`',
    exitCode: 2,
  },
  'an increment over nothing': {
    yaml: of('merged', `given: [${stg}]\noverrides: {macros: {is_incremental: true}}\nexpect: {rows: []}`),
    says: 'unit-test/this-not-given 4:5 `t` does not say which rows `merged` holds before the run | add `{input: this, rows: []}` to `given`, with the rows that stand there',
    exitCode: 2,
  },
  'this of a table': {
    yaml: orders(`${stg}\n  - {input: this, rows: []}`),
    says: 'unit-test/this-without-incremental 6:17 `orders` is not incremental, so no rows stand before it is built | leave `input: this` out, or make the model incremental',
    exitCode: 2,
  },
  'the table after no increment': {
    yaml: orders(stg, 'expect: {table_after: []}'),
    says: 'unit-test/table-after 6:27 `orders` is not incremental, so its table holds what its query gives | write `expect: {rows: …}`',
    exitCode: 2,
  },
  'an override that is no boolean': {
    yaml: of('merged', `given: [${stg}]\noverrides: {macros: {is_incremental: no}}\nexpect: {rows: []}`),
    says: 'unit-test/override-type 5:42 the override of `is_incremental` must be `true` or `false`',
    exitCode: 2,
  },
  'an unknown macro': {
    yaml: orders(stg, "overrides: {macros: {dubled: '1'}}\nexpect: {rows: []}"),
    says: 'unit-test/unknown-macro 6:26 there is no macro `dubled` to override | did you mean `doubled`?',
    exitCode: 2,
  },
  'a name twice': {
    yaml: `${orders(stg)}${orders(stg)}`,
    says: 'unit-test/duplicate-name 7:11 the model `orders` has two unit tests named `t` | give one of them another name',
    exitCode: 2,
  },
  'an unknown key': {
    yaml: orders(stg, 'expct: {rows: []}'),
    says: 'config/unknown-key 6:5 unknown key `expct` in a unit test | did you mean `expect`?',
    exitCode: 2,
  },
  'a folder of project.yml without unit tests': {
    yaml: orders(stg, 'expect: {rows: [{id: 1}]}'),
    files: {
      'project.yml': 'name: shop\nprofile: shop\nvars: {rate: 2}\nunit_tests: {shop: {ordres: {+tags: [a]}}}\n',
    },
    says: 'config/unknown-folder project.yml:4:21 `shop.ordres` under `unit_tests:` matches no folder and no resource | did you mean `orders`?',
    exitCode: 0,
  },
  'an unknown configuration': {
    yaml: orders(stg, 'config: {severity: warn}\nexpect: {rows: []}'),
    says: 'config/unknown-key 6:14 unknown key `severity` in the configuration of a unit test | `severity` is a configuration of other resources only',
    exitCode: 2,
  },
  'a variable of the command line': {
    yaml: orders(stg),
    files: { 'project.yml': 'name: shop\nprofile: shop\n' },
    says: 'template/missing-variable models/orders.sql:2:56 the variable `rate` is not defined | define it under `vars:` in `project.yml`, or write `{{var "rate" default}}` | unit tests do not see `--vars`: give it under `overrides: {vars: {rate: …}}`',
    exitCode: 1,
  },
  'rows that the model cannot take': {
    yaml: of('cast_notes', "given: [{input: ref('stg_orders'), rows: [{code: abc}]}]\nexpect: {rows: []}"),
    files: { 'models/cast_notes.sql': 'select cast(code as integer) as n from {{ref "stg_orders"}}' },
    says: 'db/conversion ',
    exitCode: 1,
  },
  'one key twice in what is merged': {
    yaml: of(
      'merged',
      "given:\n  - {input: ref('stg_orders'), rows: [{id: 1, ordered_at: 2024-02-01}, {id: 1, ordered_at: 2024-02-01}]}\n  - {input: this, rows: [{id: 0, ordered_at: 2024-01-01}]}\nexpect: {table_after: []}",
    ),
    says: 'run/duplicate-keys models/merged.sql:1:1 the new rows hold the same `id` more than once',
    exitCode: 1,
  },
  'a snapshot without its table': {
    yaml: of('history', `given: [${stg}]\nexpect: {rows: []}`),
    files: {
      'snapshots/s.yml':
        "snapshots:\n  - name: history\n    relation: ref('stg_orders')\n    config: {unique_key: id, strategy: timestamp, updated_at: ordered_at}\n",
    },
    says: 'unit-test/snapshot-table 2:11 `t` does not expect the table of the snapshot `history` | write the rows under',
    exitCode: 2,
  },
  'a version that is not there': {
    yaml: of('orders', `versions: {include: [2]}\ngiven: [${stg}]\nexpect: {rows: []}`),
    says: 'unit-test/unknown-version 3:12 `orders` has no version 2 | it has no versions: leave `versions` out',
    exitCode: 2,
  },
  'SQL that is wrong': {
    yaml: orders("{input: ref('stg_orders'), format: sql, rows: 'select 1 as id, from'}"),
    says: 'db/syntax 5:7',
    exitCode: 1,
  },
  'expected SQL that is wrong': {
    yaml: orders(stg, 'expect: {format: sql, rows: select 1 ass id x}'),
    says: 'db/syntax 6:',
    exitCode: 1,
  },
  'a misspelt `given`': {
    yaml: of('orders', `givn: [${stg}]\nexpect: {rows: []}`),
    says: 'config/unknown-key 4:5 unknown key `givn` in a unit test | did you mean `given`?',
    exitCode: 2,
  },
  'a misspelt `table_after`': {
    yaml: orders(stg, 'expect: {table_aftr: []}'),
    says: 'config/unknown-key 6:14 unknown key `table_aftr` in `expect` of the unit test `t` | did you mean `table_after`?',
    exitCode: 2,
  },
}

onEachDatabase((here) => {
  let shop: UnitTested | undefined
  afterEach(() => shop?.remove())

  it.each(Object.entries(mistakes))('%s', async (_, { yaml, files = {}, says, exitCode }) => {
    shop = new UnitTested(here.database.target, `unit_tests:\n${yaml}`, files)
    const report = await shop.test()
    const lines = found(report).map((line, i) => {
      const { hints = [] } = report.diagnostics[i]!
      return [line.replace(' models/unit.yml:', ' '), ...hints].join(' | ')
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]!.startsWith(says) ? says : lines[0]).toBe(says)
    expect(report.exitCode).toBe(exitCode)
  })
})
