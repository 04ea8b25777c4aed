import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { SourceFile } from '../../base/source-file.ts'
import { parseYaml } from '../../config/parse-yaml.ts'
import { entryOf, type YamlMap } from '../../config/yaml-node.ts'
import { rawValue } from '../../config/yaml-reader.ts'
import type { ExportTable } from '../export-job.ts'
import { describeDataSource } from './describe-source.ts'
import { MetadataPlaces } from './metadata-places.ts'
import { readTableMetadata } from './read-table-metadata.ts'
import type { TableauDataSource } from './tableau-data-source.ts'
import { tableOf } from './testing.ts'

const COLUMNS = { order_id: 'bigint', country: 'text', ordered_on: 'date', revenue: 'double', spend: 'double' }

/** The data source over one table that a property file describes, and what is wrong, as `line:column message | hint`. */
function described(yaml: string): { readonly source: TableauDataSource; readonly found: readonly string[] } {
  const file = new SourceFile('models/sales.yml', yaml)
  const model = (entryOf(parseYaml(file).root as YamlMap, 'models')!.value as { items: readonly YamlMap[] }).items[0]!
  const metaOf = (map: YamlMap): ExportTable['meta'] => {
    const meta = entryOf(map, 'meta')
    return (meta === undefined ? {} : rawValue(meta.value)) as ExportTable['meta']
  }
  const listed = entryOf(model, 'columns')?.value
  const columns = new Map(
    (listed?.kind === 'list' ? (listed.items as readonly YamlMap[]) : []).map((map) => {
      const name = entryOf(map, 'name')!.value
      const span = { path: file.path, start: name.start, end: name.end }
      return [rawValue(name) as string, { meta: metaOf(map), span }] as const
    }),
  )
  const plain = tableOf('sales', COLUMNS)
  const span = { path: 'models/sales.sql', start: 0, end: 0 }
  const table: ExportTable = {
    ...plain,
    node: { name: 'sales', patchPath: file.path, span } as ExportTable['node'],
    meta: metaOf(model),
    columns: plain.columns.map((column) => ({ ...column, ...columns.get(column.name) })),
  }
  const diagnostics: Diagnostic[] = []
  const places = new MetadataPlaces((path) => (path === file.path ? yaml : undefined))
  const metadata = readTableMetadata(table, places, diagnostics)
  const source = describeDataSource(
    {
      identity: { project: 'shop', export: 'sales', part: '' },
      caption: 'Sales',
      tables: [{ table, metadata, schema: 'Extract', relation: 'Extract' }],
      connection: { kind: 'hyper', caption: 'sales', path: 'Data/Extracts/sales.hyper' },
      folders: 'kept',
    },
    diagnostics,
  )
  const found = diagnostics.map((d) => {
    const place = d.span?.path === file.path ? file.position(d.span.start) : undefined
    return `${place === undefined ? '?' : `${place.line}:${place.column}`} ${d.message} | ${d.hints?.join(' ') ?? ''}`
  })
  return { source, found }
}

describe('what a project says for Tableau', () => {
  const { source, found } = described(`models:
  - name: sales
    meta:
      tableau:
        caption: Sales by order
        country: Germany
        hierarchies:
          When and where: [Country, ordered_on]
        calculations:
          - name: roas
            caption: ROAS
            format: number 2
            formula: |-
              // by campaign
              SUM([Net revenue]) / SUM([SPEND])
          - { name: roas_class, formula: "IF [ROAS] >= 2 THEN 'good' ELSE 'poor' END" }
          - { name: per_country, formula: '{FIXED [country]: SUM([revenue])}', folder: Money }
          - { name: week_later, formula: "DATEADD('day', 7, [ordered_on])", description: ' A week on ' }
          - { name: is_large, formula: "[revenue] > 1000 AND NOT ISNULL([country])" }
          - { name: cheaper, formula: 'MIN([revenue], [spend])' }
    columns:
      - name: order_id
        meta: { tableau: { hidden: true } }
      - name: country
        meta: { tableau: { geographic_role: none, aliases: { DE: Germany }, colors: { DE: '#FFCC00' } } }
      - name: ordered_on
        meta: { tableau: { type: continuous, format: dd.MM.yyyy } }
      - name: revenue
        meta: { tableau: { caption: Net revenue, aggregation: avg, format: currency EUR, folder: Money } }
`)

  test('is found without mistakes', () => {
    expect(found).toEqual([])
    expect(source.country).toBe('Germany')
    expect(source.tables[0]!.caption).toBe('Sales by order')
    expect(source.hierarchies).toEqual([{ name: 'When and where', fields: ['country', 'ordered_on'] }])
  })

  test('shapes the fields of columns', () => {
    const [id, country, day, revenue] = source.fields
    expect(id).toMatchObject({ hidden: true, role: 'dimension' })
    expect(country).toMatchObject({ semanticRole: null, colors: [{ value: 'DE', color: '#ffcc00' }] })
    expect(country!.aliases).toEqual([{ value: 'DE', caption: 'Germany' }])
    expect(day).toMatchObject({ role: 'dimension', type: 'quantitative', format: '*dd.MM.yyyy' })
    expect(revenue).toMatchObject({
      caption: 'Net revenue',
      aggregation: 'Avg',
      format: 'c"€"#,##0.00;-"€"#,##0.00',
      folder: 'Money',
    })
  })

  test('makes calculated fields whose formulas name internal fields, with type and role by their shape', () => {
    const made = source.fields.slice(5).map((f) => [f.name, f.datatype, f.role, f.calculation!.aggregate])
    expect(made).toEqual([
      ['roas', 'real', 'measure', true],
      ['roas_class', 'string', 'measure', true],
      ['per_country', 'real', 'measure', false],
      ['week_later', 'datetime', 'dimension', false],
      ['is_large', 'boolean', 'dimension', false],
      ['cheaper', 'real', 'measure', false],
    ])
    expect(source.fields[5]!.calculation!.formula).toBe('// by campaign\nSUM([revenue]) / SUM([spend])')
    expect(source.fields[6]!.calculation!.formula).toBe("IF [roas] >= 2 THEN 'good' ELSE 'poor' END")
    expect(source.fields[8]!.description).toBe('A week on')
  })
})

describe('mistakes are told with their place', () => {
  const model = (text: string): string => `models:\n  - name: sales\n    meta: { tableau: { ${text} } }\n`
  const calculation = (formula: string): string => model(`calculations: [{ name: x, formula: "${formula}" }]`)
  const column = (name: string, text: string): string =>
    `models:\n  - name: sales\n    columns:\n      - name: ${name}\n        meta: { tableau: { ${text} } }\n`

  test.each<[string, string, RegExp]>([
    [
      'unknown key of a column',
      column('revenue', 'captoin: x'),
      /^5:28 unknown key `captoin` .*column `revenue` \| did you mean `caption`/,
    ],
    ['unknown key of a model', model('hierarchy: {}'), /^3:24 unknown key `hierarchy` .*`hierarchies`/],
    ['unknown role', column('revenue', 'role: mesure'), /^5:34 .*mesure.*`measure`/],
    ['unknown aggregation', column('revenue', 'aggregation: average'), /^5:41 .*average/],
    ['a currency without a name', column('revenue', 'format: currency'), /^5:36 .*`currency EUR`/],
    ['unknown format', column('revenue', 'format: percnt 1'), /^5:36 `percnt 1` is no format.*did you mean `percent`/],
    [
      'number format on text',
      column('country', 'format: percent'),
      /^5:36 .*`percent` does not fit the field `Country`, which is string/,
    ],
    [
      'unknown place',
      column('country', 'geographic_role: contry'),
      /^5:45 `contry` is no geographic role \| did you mean `country`/,
    ],
    ['a colour that is none', column('country', 'colors: { DE: red }'), /^5:42 `red` is no colour/],
    [
      'a field that is not there',
      calculation('SUM([revenu])'),
      /^3:64 the formula of `x` names `\[revenu\]`.*did you mean `revenue`/,
    ],
    ['an open bracket', calculation('SUM([revenue)'), /^3:64 the formula of `x` cannot be read: `\[` is not closed/],
    ['an open parenthesis', calculation('SUM([revenue]'), /^3:63 .*`\(` is not closed/],
    ['an unknown function', calculation('SUMM([revenue])'), /^3:60 .*calls `SUMM`.*did you mean `SUM`/],
    ['a parameter', calculation('[revenue] * [Parameters].[p]'), /^3:72 .*uses a parameter/],
    [
      'aggregated and plain',
      calculation('SUM([revenue]) / [spend]'),
      /^3:77 .*uses `\[spend\]` without aggregating.*SUM\(\[spend\]\)/,
    ],
    [
      'a name that a column has',
      model("calculations: [{ name: Revenue, formula: '1' }]"),
      /^3:47 `sales` has a column or calculated field `Revenue` already/,
    ],
    ['no formula', model('calculations: [{ name: x }]'), /^3:\d+ `formula` is missing/],
    [
      'a level that is not there',
      model('hierarchies: { Where: [country, town] }'),
      /^3:56 the hierarchy `Where` names `\[town\]`/,
    ],
  ])('%s', (_, yaml, message) => {
    const { found } = described(yaml)
    expect(found[0]).toMatch(message)
  })

  test('fields that need each other', () => {
    const { found } = described(
      model("calculations: [{ name: a, formula: '[b] + 1' }, { name: b, formula: '[a] + 1' }]"),
    )
    expect(found).toEqual(['3:47 these calculated fields need each other: `a`, `b`, `a` | '])
  })
})
