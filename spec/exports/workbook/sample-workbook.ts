/** A workbook that uses what dashboards can do. */
export const SAMPLE = `
theme: { base: clean, border: '#e8e8ed' }
calculations:
  - { name: roas, title: ROAS, data: trends, value: sum(value) / sum(spend), format: 0.00x }
  - { name: big, data: trends, formula: 'IF [spend] > 100 THEN "big" ELSE "small" END', role: dimension, type: string }
sheets:
  - { name: Spend & more, data: trends, kind: kpi, values: [{ field: sum(spend), title: Spend, format: '€#,##0' }, roas] }
  - { name: Trend, data: trends, kind: line, columns: month(date), rows: [sum(spend), roas], color: channel, tooltip: '{campaign}' }
  - { name: Cohorts, data: cohorts, kind: highlight, rows: { field: month(cohort), discrete: true }, columns: period, color: sum(active) / sum(size) }
  - { name: Geo, data: trends, kind: map, location: country, color: sum(spend), size: sum(clicks) }
  - { name: Funnel, data: trends, kind: funnel, steps: channel, value: sum(users), color: '#0071e3' }
  - { name: Table, data: trends, kind: text, rows: [big, campaign], values: [{ field: sum(spend), title: Cost }, roas], totals: rows }
dashboards:
  - name: Trends & <co>
    description: The first tab
    size: { min_width: 1000, min_height: 700, max_width: 1400, max_height: 900 }
    filters:
      - { field: channel, sheets: [Spend & more, Trend], values: [search, social] }
      - { name: Days, field: date, sheets: [Trend, Geo], range: ['2026-01-01', null] }
      - { field: campaign, sheets: Geo, top: { count: 7, by: sum(clicks) / sum(users) } }
    layout:
      rows:
        - { heading: 'Campaign trends', fixed: 60, padding: 8 }
        - columns:
            - { filter: channel, control: list }
            - { filter: Days, control: slider, title: From - to }
            - { legend: Trend, title: Channel }
            - { legend: Geo, of: size }
            - { image: logo.png, url: 'https://example.com', fixed: 120 }
          fixed: 70
        - { columns: [Spend & more, { sheet: Funnel, fit: width, show_title: false }], weight: 1, background: '#fff', margin: 4 }
        - { columns: [Trend, Geo, { blank: true, weight: 0.3 }], weight: 2 }
        - { text: "Two\\nlines", size: 9, color: '#888', align: right, fixed: 40 }
    actions:
      - { name: By country, kind: filter, from: Geo, to: [Trend], fields: country, clearing: exclude_all }
      - { name: Related, kind: highlight, from: [Trend, Geo], to: [Geo], fields: [channel, country] }
      - { name: Everything, kind: filter, from: Funnel, to: [Trend, Geo], clearing: keep }
      - { name: Look, kind: url, from: Geo, url: 'https://example.com/?c={country}&s={sum(spend)}', on: menu }
    phone:
      height: 1800
      layout: { rows: [Spend & more, Trend, { filter: channel, fixed: 60 }] }
  - name: Life
    size: automatic
    background: '#ffffff'
    layout: { columns: [{ sheet: Cohorts, fit: standard }, { rows: [Table, { sheet: Trend, fit: height }], weight: 1.5 }] }
  - { name: One, layout: { sheet: Table } }
`
