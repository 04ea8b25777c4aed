import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../../src/base/diagnostic.ts'
import type { PbipOptions } from '../../../src/config/exports/pbip-options.ts'
import type { ExportTable } from '../../../src/exports/export-job.ts'
import { designModel } from '../../../src/exports/powerbi/design-model.ts'
import { modelFiles } from '../../../src/exports/powerbi/model-files.ts'
import { MetadataPlaces } from '../../../src/exports/tableau/metadata-places.ts'
import { readColumnReference, readTmdl, type TmdlNode } from './read-tmdl.ts'
import { column, shopTables, table } from './shop-tables.ts'

const OPTIONS: PbipOptions = {
  source: 'parquet',
  mode: 'import',
  report: 'write',
  dateTable: undefined,
  dataFolder: null,
  server: null,
  database: null,
  outOfRange: 'error',
  culture: 'en-US',
}
const PLACES = new MetadataPlaces(() => undefined)
const FOLDER = { name: 'DataFolder', value: 'C:\\exports\\shop\\data', description: 'Where the rows are.' }

function design(tables: readonly ExportTable[], options: Partial<PbipOptions> = {}) {
  const diagnostics: Diagnostic[] = []
  const model = designModel('shop', tables, { ...OPTIONS, ...options }, { places: PLACES, diagnostics })
  return { model, diagnostics }
}

function filesOf(tables: readonly ExportTable[], options: Partial<PbipOptions> = {}) {
  const files = modelFiles(design(tables, options).model, [FOLDER], { ...OPTIONS, ...options })
  const read = (path: string): readonly TmdlNode[] => readTmdl(files.get(path) ?? '')
  return { files, read, table: (name: string) => read(`tables/${name}.tmdl`)[0]! }
}

const named = (node: TmdlNode, type: string, name: string): TmdlNode =>
  node.children.find((child) => child.type === type && child.name === name)!

describe('the model that Power BI reads', () => {
  it('has every table and column with its type, format and description', () => {
    const orders = filesOf(shopTables).table('Orders')
    expect(orders.description).toBe('One row an order.\n\n- paid ones\n- sent ones')
    const columns = orders.children.filter((child) => child.type === 'column')
    const facts = columns.map(({ name, properties: p }) =>
      [name, p.get('sourceColumn'), p.get('dataType'), p.get('summarizeBy'), p.get('formatString') ?? null].join(' | '),
    )
    expect(facts).toEqual([
      'order_id | order_id | int64 | none | 0',
      'order_date | order_date | dateTime | none | yyyy-mm-dd',
      'shipped_date | shipped_date | dateTime | none | yyyy-mm-dd',
      'customer_id | customer_id | int64 | none | 0',
      `Amount: 'net' = all | amount | decimal | sum | "€" #,##0.00`,
      'Discount | discount_rate | double | none | 0.0%',
      'placed_at | placed_at | dateTime | none | General Date',
      'is_gift | is_gift | boolean | none | ',
      'clicks | clicks | double | sum | ',
      'note "x" #(y) | note "x" #(y) | string | none | ',
    ])
    expect(columns[1]!.description).toBe('Day of the order.\n\nIn UTC: "local" days are elsewhere.')
    const hidden = columns.filter((c) => c.properties.has('isHidden')).map((c) => c.name)
    expect(hidden).toEqual(['order_date', 'shipped_date', 'customer_id', 'note "x" #(y)'])
    expect(named(filesOf(shopTables).table('customers'), 'column', 'country').properties.get('dataCategory')).toBe(
      'Country',
    )
  })

  it('has the measures as they are written', () => {
    const orders = filesOf(shopTables).table('Orders')
    const revenue = named(orders, 'measure', 'Revenue')
    expect(revenue.value).toBe("SUM ( Orders[Amount: 'net' = all] )")
    expect(revenue.properties.get('formatString')).toBe('"€" #,##0;-"€" #,##0')
    expect(revenue.properties.get('displayFolder')).toBe('Money\\All')
    expect(named(orders, 'measure', '% of all').value).toBe(
      'VAR everything =\n    CALCULATE ( [Revenue], ALL ( Orders ) )\n\nRETURN\n\tDIVIDE ( [Revenue], everything ) // share',
    )
  })

  it('relates tables, and leaves inactive what would make two ways', () => {
    const found = filesOf(shopTables)
      .read('relationships.tmdl')
      .map(({ properties: p, children }) => ({
        from: readColumnReference(String(p.get('fromColumn'))).join('.'),
        to: readColumnReference(String(p.get('toColumn'))).join('.'),
        active: p.get('isActive') !== 'false',
        why: children.find((c) => c.name === 'tsdbt_Inactive')?.value ?? null,
      }))
    expect(found).toEqual([
      { from: 'Orders.order_date', to: 'dim_date.date', active: true, why: null },
      {
        from: 'Orders.shipped_date',
        to: 'dim_date.date',
        active: false,
        why: 'another relationship between `Orders` and `dim_date` is active',
      },
      { from: 'Orders.customer_id', to: 'customers.customer_id', active: true, why: null },
      {
        from: 'customers.first_order_date',
        to: 'dim_date.date',
        active: false,
        why: '`dim_date` would filter `Orders` on two ways',
      },
    ])
  })

  it('marks the calendar, whose months are sorted', () => {
    const calendar = filesOf(shopTables).table('dim_date')
    expect(calendar.properties.get('dataCategory')).toBe('Time')
    expect(named(calendar, 'column', 'date').properties.get('isKey')).toBe(true)
    expect(named(calendar, 'column', 'month').properties.get('summarizeBy')).toBe('none')
    expect(named(calendar, 'column', 'month_name').properties.get('sortByColumn')).toBe('month')
    const without = filesOf(shopTables, { dateTable: null }).table('dim_date')
    expect(without.properties.has('dataCategory')).toBe(false)
  })

  it('reads rows from the files, or from the server', () => {
    const source = named(filesOf(shopTables).table('Orders'), 'partition', 'Orders').properties.get('source')
    expect(source).toContain('Parquet.Document(File.Contents(DataFolder & "\\orders.parquet"))')
    expect(source).toContain('{"note ""x"" #(#)(y)", type text}')
    const live = filesOf(shopTables, { source: 'postgres', mode: 'directquery' }).table('Orders')
    const partition = named(live, 'partition', 'Orders')
    expect(partition.properties.get('mode')).toBe('directQuery')
    expect(partition.properties.get('source')).toContain('Source{[Schema = "marts", Item = "orders"]}[Data]')
  })

  it('lists its tables and is the same each time', () => {
    const { files, read } = filesOf(shopTables)
    const listed = read('model.tmdl').filter((node) => node.type === 'ref table')
    expect(listed.map((node) => node.name)).toEqual(['Orders', 'customers', 'dim_date'])
    expect([...filesOf(shopTables).files]).toEqual([...files])
    const tags = [...files.values()].flatMap((text) => text.match(/lineageTag: \S+/g) ?? [])
    expect(new Set(tags).size).toBe(tags.length)
    expect(tags.every((tag) => /^lineageTag: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tag))).toBe(true)
  })

  it('says which column Power BI cannot show', () => {
    expect(design(shopTables).diagnostics.map((d) => `${d.severity}: ${d.message}`)).toEqual([
      'warning: `picture` of `orders` is BLOB and is left out',
    ])
  })
})

const INTEGER = { kind: 'integer', bits: 32, signed: true } as const
const fact = (powerBi: object) =>
  table(
    'facts',
    [column('id', INTEGER), column('amount', INTEGER, { meta: { tableau: { caption: 'Amount paid' } } })],
    {
      primaryKey: ['id'],
      meta: { power_bi: powerBi as never },
    },
  )
const measure = (expression: string) => fact({ measures: [{ name: 'M', expression }] })
const keyed = (foreignKeys: ExportTable['foreignKeys']) =>
  table('facts', [column('id', INTEGER), column('other', INTEGER)], { primaryKey: ['id'], foreignKeys })
const other = table('others', [column('id', INTEGER), column('day', { kind: 'date' })])

const MISTAKES: readonly (readonly [
  what: string,
  tables: readonly ExportTable[],
  says: string,
  options?: Partial<PbipOptions>,
])[] = [
  [
    'an unknown key',
    [fact({ mesures: [] })],
    'unknown key `mesures` in `meta.power_bi` of `facts` (did you mean `measures`?)',
  ],
  [
    'a value of another kind',
    [fact({ hidden: 'yes' })],
    '`hidden` of `meta.power_bi` of `facts` must be `true` or `false`, not the text `yes` (YAML 1.2 knows `true` and `false` only, without quotes)',
  ],
  [
    'a measure without an expression',
    [fact({ measures: [{ name: 'M' }] })],
    '`expression` is missing in the measure `M` (for example `expression: SUM(orders[amount])`)',
  ],
  [
    'a measure that is called as a column',
    [fact({ measures: [{ name: 'ID', expression: '1' }] })],
    '`ID` of `facts` is also the name of a column (give one of them another name)',
  ],
  [
    'a section that is spelt otherwise',
    [{ ...fact({}), meta: { powerbi: {} } }],
    '`meta.powerbi` of `facts` says nothing to Power BI (write `power_bi`)',
  ],
  [
    'a parenthesis too few',
    [measure('SUM(facts[id]')],
    'the measure `M` of `facts`: `(` is not closed in its expression',
  ],
  [
    'an unknown table',
    [measure("COUNTROWS('fact')")],
    "the measure `M` of `facts` reads `'fact'`, and there is no table `fact` (did you mean `facts`?)",
  ],
  [
    'an unknown column',
    [measure('SUM(facts[idd])')],
    'the measure `M` of `facts` reads `facts[idd]`, and there is no column `idd` (did you mean `id`?)',
  ],
  [
    'a column by its name in the rows',
    [measure('SUM(facts[amount])')],
    'the measure `M` of `facts` reads `facts[amount]`, and there is no column `amount` (its caption in Power BI is `Amount paid`: use that)',
  ],
  [
    'an unknown measure',
    [measure('[Revenu] + "[Revenue]" // [nothing]')],
    'the measure `M` of `facts` reads `[Revenu]`, and there is no column or measure `Revenu` (known: `M`, `id`, `Amount paid`)',
  ],
  [
    'an unknown calendar',
    [other],
    'the export has no table `days` to be its calendar (its tables: `others`)',
    { dateTable: 'days' },
  ],
  [
    'a calendar whose dates may repeat',
    [other],
    '`others` cannot be the calendar: nothing says that its dates are unique and not null (give its column of dates the tests `unique` and `not_null`)',
    { dateTable: 'others' },
  ],
  [
    'a key of several columns',
    [keyed([{ columns: ['id', 'other'], table: 'others', targetColumns: ['id', 'day'] }]), other],
    'no relationship from `facts.id, other` to `others.id, day`: it has several columns; make one key of them in the models',
  ],
  [
    'a key to values that may repeat',
    [keyed([{ columns: ['other'], table: 'others', targetColumns: ['id'] }]), other],
    'no relationship from `facts.other` to `others.id`: nothing says that `id` is unique and not null: give it these tests',
  ],
  [
    'bytes and nothing else',
    [table('blobs', [column('b', { kind: 'blob' })])],
    '`blobs` has no column that Power BI can show',
  ],
]

describe('mistakes', () => {
  it.each(MISTAKES.map(([what, tables, says, options]) => ({ what, tables, says, options })))(
    '$what',
    ({ tables, says, options }) => {
      const told = design(tables, options).diagnostics.map((d) => {
        const hints = d.hints?.join('; ') ?? ''
        return hints === '' ? d.message : `${d.message} (${hints})`
      })
      expect(told).toContain(says)
    },
  )
})
