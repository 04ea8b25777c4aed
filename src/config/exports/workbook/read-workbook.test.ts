import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../base/diagnostic.ts'
import { SourceFile } from '../../../base/source-file.ts'
import { parseYaml } from '../../parse-yaml.ts'
import { YamlReader } from '../../yaml-reader.ts'
import { readWorkbook } from './read-workbook.ts'
import type { WorkbookSpec } from './workbook-spec.ts'

function read(text: string): { readonly spec: WorkbookSpec | undefined; readonly told: readonly string[] } {
  const file = new SourceFile('dashboards/w.yml', text)
  const { root, diagnostics } = parseYaml(file)
  const found: Diagnostic[] = [...diagnostics]
  const reader = new YamlReader(file, found, (value) => value)
  const spec = root === undefined ? undefined : readWorkbook(reader, root)
  return {
    spec,
    told: found.map((d) => {
      const { line, column } = file.position(d.span?.start ?? 0)
      return `${line}:${column} ${d.message}${d.hints?.map((hint) => ` | ${hint}`).join('') ?? ''}`
    }),
  }
}

const WHOLE = `
theme: { base: clean, accent: '#06c', font: Inter }
palettes:
  - { name: brand, colors: ['#000000', '#ffffff'] }
calculations:
  - { name: roas, title: ROAS, value: sum(value) / sum(spend), format: 0.00x }
  - { name: is_big, formula: '[spend] > 100', role: dimension, type: boolean }
sheets:
  - name: Spend by month
    kind: line
    data: trends
    columns: month(date)
    rows:
      - { field: sum(spend), title: Spend, format: '€#,##0', axis: { include_zero: false } }
      - roas
    dual_axis: true
    color: { field: channel, palette: brand, values: { search: '#ff0000' } }
    tooltip: '{channel}: {sum(spend)} in \\{month\\}'
    filters:
      - { field: channel, values: [search, social] }
      - { field: date, range: ['2026-01-01', null] }
      - { field: campaign, top: { count: 5, by: sum(spend) } }
    reference_lines:
      - { field: sum(spend), value: average, label: Average }
  - { name: Total, kind: kpi, values: [{ field: sum(spend), title: Spend }, roas] }
  - { name: Funnel, kind: funnel, steps: step, value: sum(users), sort: { field: step, values: [view, buy] } }
  - { name: Where, kind: map, location: country, color: -sum(spend) * 2 + 1 }
dashboards:
  - name: Trends
    size: { width: 1000, height: 700 }
    filters:
      - { field: channel, sheets: [Spend by month, Total] }
    layout:
      rows:
        - { heading: Campaign trends, fixed: 60 }
        - columns: [Total, { sheet: Funnel, weight: 2 }]
          weight: 2
        - { filter: channel, control: dropdown }
        - Spend by month
    actions:
      - { name: By country, kind: filter, from: Spend by month, to: [Total], fields: channel }
`

describe('a workbook', () => {
  test('is read with everything that a picture needs', () => {
    const { spec, told } = read(WHOLE)
    expect(told).toEqual([])
    expect(spec?.theme).toMatchObject({ name: 'clean', accent: '#0066cc', fonts: ['Inter'], categorical: 'clean' })
    const [line, kpi, funnel, map] = spec!.sheets
    expect(line).toMatchObject({
      columns: [{ value: { kind: 'date', column: 'date', truncated: true, level: 'month' } }],
      rows: [
        {
          value: { kind: 'measure', expression: { kind: 'aggregate', aggregation: 'sum', column: 'spend' } },
          title: 'Spend',
          format: { kind: 'number', prefix: '€', grouping: true, decimals: 0 },
          axis: { includeZero: false },
        },
        { value: { kind: 'calculation', name: 'roas' } },
      ],
      color: { kind: 'field', palette: 'brand', colors: [{ value: 'search', color: '#ff0000' }] },
    })
    expect(line!.tooltip!.parts.map((p) => (typeof p === 'string' ? p : p.value.kind))).toEqual([
      'column',
      ': ',
      'measure',
      ' in {month}',
    ])
    expect(line!.filters.map((f) => f.rule.kind)).toEqual(['values', 'range', 'top'])
    expect(kpi!.values).toHaveLength(2)
    expect(funnel).toMatchObject({ funnelShape: 'centered', sorts: [{ rule: { kind: 'manual' } }] })
    expect(map!.color).toMatchObject({
      field: { value: { expression: { kind: 'binary', operator: '+', left: { operator: '*' } } } },
    })
    expect(spec!.dashboards[0]!.layout).toMatchObject({
      kind: 'stack',
      direction: 'rows',
      items: [
        { kind: 'text', heading: true, fixed: 60 },
        { kind: 'stack', direction: 'columns', weight: 2, items: [{ sheet: 'Total' }, { sheet: 'Funnel', weight: 2 }] },
        { kind: 'filter', filter: 0, control: 'dropdown' },
        { kind: 'sheet', sheet: 'Spend by month', fit: 'entire' },
      ],
    })
  })

  test('tells a mistake once', () => {
    const { told } = read('sheets:\n  - {name: A, kind: pie}\ndashboards:\n  - {name: D, layout: {rows: [A]}}')
    expect(told).toHaveLength(1)
  })

  test.each([
    ['sheets:\n  - {name: A, kind: pie}', '2:21 `pie` is no kind of sheet'],
    ['sheet: []', '1:1 unknown key `sheet` in a workbook | did you mean `sheets`?'],
    [
      'sheets:\n  - {name: A, kind: bar, columns: country, rows: spend}',
      '2:12 the sheet `A` of kind `bar` needs a measure on `columns` or `rows` | for example `rows: sum(spend)`',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [summ(spend)]}',
      '2:35 `summ(spend)` is neither an aggregation nor a period of a date | did you mean `sum`?',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(spend) / clicks]}',
      '2:35 arithmetic in `values` of the sheet `A` needs a measure, and `clicks` is a column as it is | say how its rows become one number, for example `sum(clicks)`',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(spend]}',
      '2:35 `sum(spend` is no field: it ends where `)` is expected',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(spend)], colour: red}',
      '2:48 unknown key `colour` in the sheet `A` | did you mean `color`?',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(spend)], markers: true}',
      '2:48 unknown key `markers` in the sheet `A` | a sheet of kind `kpi` has no `markers`; kinds that have it: `line`',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(spend)]}\ndashboards:\n  - {name: D, layout: {rows: [B]}}',
      '4:31 the layout of the dashboard `D`: there is no sheet `B`',
    ],
    [
      "sheets:\n  - {name: A, kind: map, location: country, color: '#12'}",
      "2:52 `#12` is no colour | write it as `'#0071e3'`, in quotes",
    ],
    [
      'sheets:\n  - {name: A, kind: map, location: country, color: {field: sum(x), palette: clean_blu}}',
      '2:77 `color` of the sheet `A`: there is no palette `clean_blu` | did you mean `clean_blue`?',
    ],
    ["sheets:\n  - {name: A, kind: kpi, values: [{field: sum(x), format: 'many'}]}", '2:59 `many` is no format'],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)], filters: [{field: c, values: [1], range: [1, 2]}]}',
      '2:78 a filter has one rule, not 2: `values`, `range` | make two filters',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)], filters: [{field: c, range: [1]}]}',
      '2:72 `range` must be a list of two ends, both numbers or both ISO dates, not this list',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)]}\n  - {name: a, kind: kpi, values: [sum(x)]}',
      '3:12 there are two sheets or dashboards with the name `a` | give each a name of its own',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)]}\ndashboards:\n  - {name: D, layout: [A]}',
      '4:23 the layout of the dashboard `D` must be a mapping, not a list | say whether the boxes stand below each other (`rows:`) or beside each other (`columns:`)',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)]}\ndashboards:\n  - {name: D, layout: {rows: [{sheet: A, text: x}]}}',
      '4:42 a box of a layout holds one thing, not 2: `sheet`, `text`',
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: [sum(x)]}\n  - {name: B, kind: kpi, values: [sum(x)]}\ndashboards:\n  - {name: D, layout: {rows: [A]}, actions: [{name: go, kind: filter, from: A, to: B}]}',
      '5:53 the action `go` names the sheet `B`, which is not in the layout of the dashboard `D`',
    ],
    [
      'calculations:\n  - {name: a, value: b * 2}\n  - {name: b, value: a + 1}\nsheets: []',
      '2:12 this calculation reads itself: `a` → `b` → `a`',
    ],
    [
      'sheets:\n  - {name: A, kind: highlight, rows: a, columns: b, color: c}',
      '2:12 the sheet `A` of kind `highlight` needs `rows`, `columns` and a measure as `color` | for example `color: sum(active) / sum(customers)`',
    ],
    [
      'sheets:\n  - {name: A, kind: interval, rows: a, value: avg(b), from: avg(c)}',
      '2:12 the sheet `A` of kind `interval` needs `rows`, `value`, `from` and `to` | for example `value: avg(lift)`, `from: avg(low)` and `to: avg(high)`',
    ],
    [
      "sheets:\n  - {name: A, kind: kpi, values: [sum(x)], title: 'all}'}",
      '2:51 `all}` is no field: a brace is not opened; write `\\{` or `\\}` for a brace itself',
    ],
    [
      'sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x), reference_lines: [{field: sum(y), value: total}]}',
      '2:78 a reference line names `sum(y)`, which the sheet `A` does not show | did you mean `sum(x)`?',
    ],
    [
      'sheets:\n  - {name: A, kind: line, columns: day(d), rows: sum(x), dual_axis: true}',
      '2:12 `dual_axis` of the sheet `A` needs two measures on `rows` or two on `columns` | add the other measure, or leave `dual_axis` out',
    ],
    [
      'sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x)}\ndashboards:\n  - {name: D, layout: {rows: [A, A]}}',
      '4:34 the sheet `A` stands twice in the layout of the dashboard `D` | make a second sheet with another name',
    ],
    [
      'sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x)}\ndashboards:\n  - {name: D, layout: {rows: [A, {legend: A}]}}',
      '4:34 a legend of `A` has nothing to show: no field makes its colours | give the sheet a field as `color`, for example `color: channel`',
    ],
    [
      'sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x)}\ndashboards:\n  - {name: D, layout: {rows: [{text: Hi}, {legend: A}]}}',
      '4:43 a legend names the sheet `A`, which is not in the layout of the dashboard `D`',
    ],
    [
      'sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x)}\ndashboards:\n  - {name: D, layout: {rows: [A]}, actions: [{name: go, kind: filter, from: A, to: A, fields: d}]}',
      '4:53 the action `go` names `d`, which the sheet `A` does not show | did you mean `c`?',
    ],
    [
      "sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x), filters: [{field: e, range: ['2026-06-30', '2026-06-29']}]}",
      '2:80 `range` must be the lower end and then the upper one, not `2026-06-30` to `2026-06-29`',
    ],
    [
      "sheets:\n  - {name: A, kind: bar, rows: c, columns: sum(x), filters: [{field: e, last: {until: '2026-06-31'}}]}",
      "2:87 `until` must be an ISO date, not the text `2026-06-31` | write it as `'2026-06-30'`",
    ],
    [
      'sheets:\n  - {name: A, kind: kpi, values: Order total}',
      '2:34 `Order total` is no field: `total` stands where an operator or the end is expected | a name with blanks stands in brackets: `[Order total]`',
    ],
    ['theme: apple\nsheets: []', '1:8 `theme`: there is no theme `apple` | there are: `clean`, `dark`, `plain`'],
  ])('of %j is refused at its place', (text, expected) => {
    const { told } = read(text)
    expect(told[0]?.slice(0, expected.length)).toBe(expected)
  })
})
