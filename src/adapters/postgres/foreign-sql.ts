import { significantTokens } from '../../sql/scan-sql.ts'

/** How many tokens before a mistake may explain it. */
const BEHIND = 24

/** Words that are often used as names of columns and that Postgres keeps for itself. */
const RESERVED =
  'all|asc|check|column|default|desc|end|group|limit|offset|order|primary|references|table|to|user|window'

/**
 * What other engines allow and Postgres does not, by the tokens up to the one that it stopped at; behind `»` stands the
 * one that follows. The first that fits counts.
 */
const SYNTAX: readonly (readonly [RegExp, string])[] = [
  [
    / qualify(?: \S+)? $/,
    'Postgres has no `qualify`: compute the window function in a sub-query and filter outside of it',
  ],
  [
    / \* (?:exclude|except)(?: \()?(?: \S+)? $/,
    'Postgres has no `* exclude (…)`: list the columns, or use the macro `star`',
  ],
  [/ \* replace(?: \()? $/, 'Postgres has no `* replace (…)`: list the columns'],
  [
    /^ (?:un)?pivot |[(] (?:un)?pivot /,
    'Postgres has no `pivot`: use the macro `pivot`, or `sum(…) filter (where …)` for each column',
  ],
  [
    / (?:un)?pivot(?: \S+)? $/,
    'Postgres has no `pivot`: use the macro `pivot`, or `sum(…) filter (where …)` for each column',
  ],
  [/ by all $/, 'Postgres has no `by all`: list the columns'],
  [/ asof (?:join )?$/, 'Postgres has no `asof join`: join with `left join lateral (… order by … limit 1) on true`'],
  [/ positional (?:join )?\S+ $/, 'Postgres has no `positional join`: join on `row_number()`'],
  [/(?:^|[(;]) from $/, 'a query starts with `select`: write `select * from …`'],
  [/ , (?:from|where|group|order|having|union|\)) $/, 'take away the comma before it, or write what is missing there'],
  [/ (?:from|join) '.*' $/, 'Postgres reads no files: declare the file as a source or a seed'],
  [/ \[ $/, 'write `array[…]` for a list'],
  [/ \{ $/, 'Postgres has no `{…}`: write `jsonb_build_object(…)`'],
  [
    / try_cast \(.* as $/,
    "Postgres has no `try_cast`: test the text before the cast, for example with `case when x ~ '^\\d+$' then x::int end`",
  ],
  [/ using » sample $| tablesample [\d.]+ (?:% )?$/, 'write `tablesample system (10)` behind the table'],
  [
    / or replace (?:temp |temporary )?table $/,
    'Postgres has no `create or replace table`: a materialization of tsdbt replaces the table',
  ],
  [/ insert or $/, 'write `insert into … on conflict … do update`'],
  [/ by name $| insert into \S+ by $/, 'Postgres has no `insert … by name`: list the columns'],
  [/ interval [\d.]+ $/, "write the amount in quotes: `interval '1 day'`"],
  [/ ` /, 'write names in double quotes: `"name"`'],
  [/ := $/, 'Postgres has no `:=` here: write `as`'],
  [new RegExp(` (?:select|,) (${RESERVED}) (?:from|,|\\.|as) $`), '`$1` is a reserved word: write `"$1"`'],
  [new RegExp(` [(,.] (${RESERVED}) $`), '`$1` is a reserved word: write `"$1"`'],
  [
    /^ (?:summarize|describe|desc|attach|detach|install|load|use|pragma|export|import) $/,
    'Postgres has no such statement',
  ],
]

/** Functions of other engines, and what to write instead. */
const FUNCTIONS: { readonly [name: string]: string } = {
  arg_max: '`(array_agg(x order by y desc))[1]`',
  arg_min: '`(array_agg(x order by y))[1]`',
  any_value: '`max(x)`; `any_value` exists from Postgres 16 on',
  contains: '`position(part in x) > 0`',
  date_add: "`x + interval '1 day'`, or the macro `dateadd`",
  date_diff: 'the macro `datediff`',
  date_sub: "`x - interval '1 day'`",
  dateadd: "`x + interval '1 day'`, or the macro `dateadd`",
  datediff: 'the macro `datediff`',
  day: '`extract(day from x)`',
  editdist3: '`levenshtein(a, b)` of the extension `fuzzystrmatch`',
  epoch: '`extract(epoch from x)`',
  first: '`(array_agg(x order by y))[1]`',
  group_concat: "`string_agg(x, ',')`",
  hash: '`hashtext(x)`, or the macro `hash`',
  hour: '`extract(hour from x)`',
  if: '`case when … then … else … end`',
  iff: '`case when … then … else … end`',
  ifnull: '`coalesce(x, y)`',
  isnull: '`x is null`',
  json_extract: "`x -> 'key'`",
  json_extract_string: "`x ->> 'key'`",
  last: '`(array_agg(x order by y desc))[1]`',
  len: '`length(x)`',
  list: '`array_agg(x)`',
  list_contains: '`x = any(list)`',
  list_value: '`array[…]`',
  max_by: '`(array_agg(x order by y desc))[1]`',
  median: '`percentile_cont(0.5) within group (order by x)`',
  min_by: '`(array_agg(x order by y))[1]`',
  minute: '`extract(minute from x)`',
  month: '`extract(month from x)`',
  nvl: '`coalesce(x, y)`',
  quantile_cont: '`percentile_cont(0.5) within group (order by x)`',
  quantile_disc: '`percentile_disc(0.5) within group (order by x)`',
  quarter: '`extract(quarter from x)`',
  range: '`generate_series(first, last)`, which includes the last value',
  read_csv: 'a source or a seed, because Postgres reads no files',
  read_json: 'a source, because Postgres reads no files',
  read_parquet: 'a source, because Postgres reads no files',
  regexp_extract: '`substring(x from pattern)`',
  regexp_full_match: "`x ~ '^(?:pattern)$'`",
  regexp_matches: '`x ~ pattern`',
  second: '`extract(second from x)`',
  strftime: "`to_char(x, 'YYYY-MM-DD')`",
  string_split: "`string_to_array(x, ',')`",
  strptime: "`to_timestamp(x, 'YYYY-MM-DD')`",
  struct_pack: '`jsonb_build_object(…)`',
  today: '`current_date`',
  week: '`extract(week from x)`',
  year: '`extract(year from x)`',
}

/** Types of other engines, and their names here. */
const TYPES: { readonly [name: string]: string } = {
  blob: 'bytea',
  datetime: 'timestamp',
  double: 'double precision',
  float32: 'real',
  float64: 'double precision',
  hugeint: 'numeric(38, 0)',
  int1: 'smallint',
  int16: 'smallint',
  int32: 'integer',
  int64: 'bigint',
  long: 'bigint',
  nvarchar: 'text',
  string: 'text',
  timestamp_ms: 'timestamp(3)',
  timestamp_ns: 'timestamp',
  timestamp_s: 'timestamp(0)',
  tinyint: 'smallint',
  ubigint: 'numeric(20, 0)',
  uhugeint: 'numeric(39, 0)',
  uint16: 'integer',
  uint32: 'bigint',
  uint64: 'numeric(20, 0)',
  uint8: 'smallint',
  uinteger: 'bigint',
  usmallint: 'integer',
  utinyint: 'smallint',
  varbinary: 'bytea',
}

const OPERATORS: { readonly [symbol: string]: string } = {
  '`': 'write names in double quotes: `"name"`',
  '//': 'write `/`, which divides integers without a rest, or `div(a, b)`',
  '==': 'write `=`',
  '**': 'write `^`',
  '->>': 'cast the text to `jsonb` first: `(x::jsonb) ->> …`',
  '->': 'cast the text to `jsonb` first: `(x::jsonb) -> …`',
}

/** Advice on a syntax error at an offset (UTF-16) where another engine would have understood the statement. */
export function syntaxHint(sql: string, offset: number): string | undefined {
  const before: string[] = []
  let next = ''
  for (const { start, end } of significantTokens(sql)) {
    const token = sql.slice(start, end).toLowerCase()
    if (start > offset) {
      next = token
      break
    }
    before.push(token)
  }
  const behind = ` ${before.slice(-BEHIND).join(' ')} `
  const text = before.length <= BEHIND ? behind : `…${behind}`
  for (const [pattern, hint] of SYNTAX) {
    const found = pattern.exec(text) ?? pattern.exec(`${text}» ${next} `)
    if (found !== null) return hint.replaceAll('$1', found[1] ?? '')
  }
  return undefined
}

/** What to write instead of a function that other engines have. */
export function functionHint(name: string): string | undefined {
  const instead = lookUp(FUNCTIONS, name)
  return instead === undefined ? undefined : `Postgres has no \`${name}\`: use ${instead}`
}

/** The name that a type of another engine has here. */
export function typeHint(name: string): string | undefined {
  const here = lookUp(TYPES, name)
  return here === undefined ? undefined : `write \`${here}\``
}

/** What to do about an operator that is not defined for its arguments, when it means something elsewhere. */
export function operatorHint(symbol: string): string | undefined {
  return lookUp(OPERATORS, symbol)
}

function lookUp(table: { readonly [name: string]: string }, name: string): string | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(table, key) ? table[key] : undefined
}
