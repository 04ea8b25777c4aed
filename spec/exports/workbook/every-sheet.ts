/** Every kind of sheet in every combination of what it can do, as workbooks in YAML. */

type Options = Readonly<Record<string, readonly (string | null)[]>>

/** All combinations of one value for each option; null leaves the key out. */
function combinations(options: Options): readonly (readonly string[])[] {
  let all: (readonly string[])[] = [[]]
  for (const [key, values] of Object.entries(options))
    all = all.flatMap((chosen) => values.map((value) => (value === null ? chosen : [...chosen, `${key}: ${value}`])))
  return all
}

/** Each option for itself, and every pair of neighbours: enough to meet each value beside others. */
function sweep(base: readonly string[], options: Options): readonly (readonly string[])[] {
  const entries = Object.entries(options)
  const out: (readonly string[])[] = [base]
  for (const [i, [key, values]] of entries.entries()) {
    const [nextKey, nextValues] = entries[(i + 1) % entries.length]!
    for (const value of values)
      for (const other of nextValues)
        out.push([
          ...base,
          ...(value === null ? [] : [`${key}: ${value}`]),
          ...(other === null ? [] : [`${nextKey}: ${other}`]),
        ])
  }
  return out
}

const COLORS = [
  null,
  "'#ff0000'",
  'channel',
  'sum(spend)',
  'is_mature',
  '{ field: channel, palette: brand, values: { search: "#112233", social: "#445566" } }',
  '{ field: campaign, palette: ["#111111", "#222222"] }',
  '{ field: sum(spend), palette: clean_green, reversed: true, steps: 5, minimum: 0, maximum: 10 }',
  '{ field: roas, palette: clean_diverging, center: 1 }',
  '{ field: date, part: weekday }',
]
const FILTERS = [
  null,
  '[channel]',
  '[{ field: channel, values: [search] }, { field: is_mature, values: [true] }]',
  '[{ field: channel, values: ["a \\"b", null, "c"] }]',
  '[{ field: channel, exclude: [search, social] }]',
  '[{ field: date, range: ["2026-01-01", "2026-06-30"] }, { field: sum(spend), range: [1.5, null] }]',
  '[{ field: date, part: year, values: [2025, 2026] }]',
  '[{ field: date, last: { count: 6, period: month, until: "2026-06-30" } }]',
  '[{ field: seen_at, last: { count: 2, period: week } }]',
  '[{ field: campaign, top: { count: 5, by: sum(value) / sum(spend), end: bottom } }]',
]
const TITLES = [
  null,
  'A title',
  '{ text: "Two\\nlines for {channel}", size: 20, color: "#333", bold: false, align: center }',
  'false',
]
const TOOLTIPS = [null, '"{campaign}: {sum(clicks)} <&> \\\\{x\\\\}"']
const LABELS = [null, 'sum(spend)', '[channel, { field: sum(clicks), format: "#,##0" }]']
const DETAILS = [null, 'campaign', '[campaign, month(date)]']
const LINES = [
  null,
  '[{ field: sum(spend), value: average, label: Mean }, { field: sum(spend), value: 10, dashed: false, color: "#00f", scope: pane }]',
]
const STACKS = [null, 'stacked', 'percent', 'none']
const SORTS = [
  null,
  '{ field: channel, by: sum(spend), order: descending }',
  '[{ field: channel, values: [search, social] }, { field: campaign, order: descending }]',
]
const MARKS: Options = { color: COLORS, label: LABELS, detail: DETAILS, size: [null, 'sum(clicks)'] }
const COMMON: Options = { title: TITLES, filters: FILTERS, tooltip: TOOLTIPS, description: [null, 'What it shows'] }

const AXIS =
  '{ field: sum(spend), title: Spend, format: "€#,##0.0,\\"K\\"", axis: { minimum: 0, maximum: 100, grid: false } }'

/** Mappings of sheets without `name` and `data`. */
function sheets(): readonly (readonly string[])[] {
  const along: readonly (readonly [string, string])[] = [
    ['month(date)', 'sum(spend)'],
    ['date', '[sum(spend), roas]'],
    ['[channel, week(date)]', '[country, sum(clicks)]'],
    ['{ field: date, part: month }', AXIS],
    ['{ field: month(date), discrete: true, format: MMM yyyy }', '{ field: sum(clicks) / sum(users), axis: false }'],
    ['channel', '{ field: avg(spend), axis: { include_zero: false } }'],
    ['[sum(spend), sum(clicks)]', '[country, channel]'],
  ]
  const lines = along.flatMap(([columns, rows]) =>
    ['line', 'area', 'bar'].map((kind) => [`kind: ${kind}`, `columns: ${columns}`, `rows: ${rows}`]),
  )
  return [
    ...lines,
    ...sweep(['kind: line', 'columns: month(date)', 'rows: sum(spend)'], {
      ...MARKS,
      ...COMMON,
      sort: SORTS,
      reference_lines: LINES,
      markers: [null, 'true'],
    }),
    ['kind: line', 'columns: month(date)', 'rows: [sum(spend), roas]', 'dual_axis: true'],
    ['kind: line', 'columns: [sum(spend), roas]', 'rows: month(date)', 'dual_axis: true'],
    ...sweep(['kind: area', 'columns: month(date)', 'rows: sum(spend)'], { stack: STACKS, color: COLORS }),
    ...sweep(['kind: bar', 'columns: sum(spend)', 'rows: channel'], {
      stack: STACKS,
      color: COLORS,
      sort: SORTS,
      top: [null, '{ of: channel, by: sum(spend), count: 3 }', '{ of: channel, by: roas, end: bottom }'],
      reference_lines: LINES,
    }),
    ...sweep(['kind: map', 'location: country'], MARKS),
    ...sweep(['kind: map', 'latitude: latitude', 'longitude: longitude'], MARKS),
    ...combinations({
      kind: ['text'],
      rows: [null, 'channel', '[channel, campaign]'],
      columns: [null, 'year(date)'],
      values: ['sum(spend)', '[sum(spend), { field: roas, title: "Return <x>", format: 0.00x }]'],
      totals: [null, 'rows', '[rows, columns]'],
      color: [null, 'sum(spend)'],
    }),
    ...combinations({
      kind: ['kpi'],
      values: ['sum(spend)', '[{ field: roas, title: ROAS, format: 0.0% }, count_distinct(campaign), max(date)]'],
      color: [null, "'#0071e3'", 'sum(spend)'],
      title: TITLES,
    }),
    ...sweep(['kind: highlight', 'rows: channel', 'columns: month(date)', 'color: sum(clicks) / sum(users)'], {
      label: LABELS,
      detail: DETAILS,
      sort: SORTS,
    }),
    ...sweep(['kind: scatter', 'columns: sum(spend)', 'rows: sum(value)'], { ...MARKS, reference_lines: LINES }),
    ...sweep(['kind: funnel', 'steps: channel', 'value: sum(users)'], {
      shape: [null, 'left', 'centered'],
      color: COLORS,
      label: LABELS,
      sort: SORTS,
    }),
    ...sweep(['kind: interval', 'rows: channel', 'value: roas', 'from: min(value)', 'to: max(value)'], {
      color: COLORS,
      label: LABELS,
      detail: DETAILS,
      sort: SORTS,
      reference_lines: [null, '[{ field: roas, value: 0 }]'],
    }),
    ...['median', 'min', 'max', 'count', 'stdev', 'variance'].map((name) => ['kind: kpi', `values: ${name}(spend)`]),
    ...['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute'].flatMap((level) => [
      ['kind: bar', `columns: ${level}(seen_at)`, 'rows: sum(spend)'],
      ['kind: bar', `columns: { field: seen_at, part: ${level} }`, 'rows: sum(spend)'],
    ]),
  ]
}

const HEAD = `
palettes: [{ name: brand, colors: ['#101010', '#202020', '#303030'] }]
calculations:
  - { name: roas, title: ROAS, data: trends, value: sum(value) / sum(spend), format: 0.00x, description: Value for money }
  - { name: big, data: trends, formula: '[spend] > 100', role: dimension, type: boolean }
`

/** All sheets of the sweep in one workbook; `theme` in flow style. */
export function everySheet(theme: string): string {
  const lines = sheets().map((keys, i) => `  - { name: 'S ${i}', data: trends, ${keys.join(', ')} }`)
  return `theme: ${theme}\n${HEAD}sheets:\n${lines.join('\n')}\n`
}
