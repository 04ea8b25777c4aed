import { describe, expect, test } from 'vitest'
import { dataSourceElement } from '../../../src/exports/tableau/datasource.ts'
import { describeDataSource } from '../../../src/exports/tableau/describe-source.ts'
import { readFormula } from '../../../src/exports/tableau/formula.ts'
import type { CalculationMetadata, TableMetadata } from '../../../src/exports/tableau/table-metadata.ts'
import { tableOf } from '../../../src/exports/tableau/testing.ts'
import { xmlText } from '../../../src/exports/tableau/xml-text.ts'
import { SCHEMAS, schemaErrors } from '../workbook/validate-twb.ts'

const sales = tableOf('sales', {
  id: 'bigint',
  country: 'text',
  'odd [name] <&>\n"\'': 'text',
  sold_on: 'date',
  at: 'timestamp',
  revenue: 'double',
  big: 'hugeint',
  price: 'decimal',
  is_new: 'boolean',
})
const items = tableOf(
  'items',
  { id: 'bigint', sale_id: 'bigint', sku: 'text' },
  { foreignKeys: [{ columns: ['sale_id'], table: 'sales', targetColumns: ['id'] }] },
)

function calculation(name: string, formula: string, more: Partial<CalculationMetadata> = {}): CalculationMetadata {
  const tokens = readFormula(formula)
  if ('problem' in tokens) throw new Error(tokens.problem)
  return { name, formula, tokens, span: null, formulaSpan: null, formulaOffset: null, ...more }
}

const everything: TableMetadata = {
  caption: 'Sales & returns',
  country: 'Germany',
  hierarchies: [
    {
      name: "Where 'n' when",
      levels: [
        { name: 'country', span: null },
        { name: 'sold_on', span: null },
      ],
    },
  ],
  calculations: [
    calculation('per_sale', '// mean\nSUM([revenue]) / COUNT([id])', { description: 'a < b & c', folder: 'Money' }),
    calculation('class', "IF [revenue] > 10 THEN 'big' ELSE 'small' END", {
      colors: [{ value: 'big', color: '#112233' }],
      aliases: [{ value: 'big', caption: 'Large' }],
    }),
  ],
  columns: new Map([
    [
      'country',
      { aliases: [{ value: 'DE', caption: 'Germany' }], colors: [{ value: 'DE', color: '#ffcc00' }], folder: 'Where' },
    ],
    ['is_new', { aliases: [{ value: 'true', caption: 'New' }], hidden: true, palette: 'tableau-20' }],
    ['sold_on', { type: 'quantitative', description: 'day\nof sale' }],
    ['revenue', { aggregation: 'Median', role: 'measure', folder: 'Money' }],
    ['id', { type: 'discrete', semanticRole: '[ZipCode].[Name]', colors: [{ value: '1', color: '#000000' }] }],
  ]),
}

const live = { engine: 'postgres', host: 'db', port: 5432, database: 'shop', user: null, tls: true }

function source(kind: 'hyper' | 'postgres', tables: readonly (typeof sales)[], metadata?: TableMetadata): string {
  const diagnostics: never[] = []
  const described = describeDataSource(
    {
      identity: { project: 'shop', export: 'sales', part: kind },
      caption: 'Sales',
      tables: tables.map((table, i) => ({
        table,
        metadata: i === 0 ? metadata : undefined,
        schema: 'Extract',
        relation: table.name,
      })),
      connection:
        kind === 'hyper' ? { kind, caption: 'x', path: 'Data/Extracts/x.hyper' } : { kind, caption: 'db', live },
      folders: 'kept',
    },
    diagnostics,
  )
  expect(diagnostics).toEqual([])
  return xmlText(dataSourceElement(described)).replace(/^<\?.*\n/, '')
}

/** The least workbook that Tableau's schema takes, around a data source. */
const workbook = (datasource: string): string => `<?xml version='1.0' encoding='utf-8' ?>
<workbook source-build='2026.1.0' version='18.1' xmlns:user='http://www.tableausoftware.com/xml/user'>
<document-format-change-manifest/><datasources>${datasource}</datasources>
<worksheets><worksheet name='s'><table><view><datasources/><aggregation value='true'/></view><style/>
<panes><pane><view><breakdown value='auto'/></view><mark class='Automatic'/></pane></panes><rows/><cols/></table>
<simple-id uuid='{12345678-1234-4123-8123-123456789ABC}'/></worksheet></worksheets></workbook>`

describe('data sources are valid by Tableau’s own schemas', () => {
  const documents = {
    plain: workbook(source('hyper', [sales])),
    live: workbook(source('postgres', [sales], everything)),
    everything: workbook(source('hyper', [sales], everything)),
    'related tables': workbook(source('hyper', [sales, items], everything)),
  }

  test.each(SCHEMAS)('%s', async (schema) => {
    const broken = documents.plain.replace("role='dimension'", "role='dimensoin'")
    const found = await schemaErrors(schema, { ...documents, broken })
    const { broken: mistakes, ...rest } = found
    expect(rest).toEqual({ plain: [], live: [], everything: [], 'related tables': [] })
    expect(mistakes).not.toEqual([])
  })
})
