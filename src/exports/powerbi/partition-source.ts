import type { PbipOptions } from '../../config/exports/pbip-options.ts'
import { mText } from './m-text.ts'
import type { ModelTable } from './semantic-model.ts'

/** How Power Query gets the rows of a table: an expression of its language M. */
export function partitionSource(table: ModelTable, source: PbipOptions['source'], file: string): string {
  return source === 'parquet' ? fromFile(table, file) : fromServer(table)
}

function fromFile({ columns }: ModelTable, file: string): string {
  const types = columns.map((c) => `{${mText(c.source)}, ${c.queryType}}`).join(', ')
  return steps([
    // Power BI Desktop is a program of Windows.
    ['Source', `Parquet.Document(File.Contents(DataFolder & ${mText(`\\${file}`)}))`],
    ['Typed', `Table.TransformColumnTypes(Source, {${types}})`],
  ])
}

/** Types are the server's, so that questions can be handed on to it. */
function fromServer({ columns, relation }: ModelTable): string {
  const wanted = columns.map((c) => mText(c.source)).join(', ')
  const key = `[Schema = ${mText(relation.schema)}, Item = ${mText(relation.identifier)}]`
  return steps([
    ['Source', 'PostgreSQL.Database(Server, Database)'],
    ['Rows', `Source{${key}}[Data]`],
    ['Chosen', `Table.SelectColumns(Rows, {${wanted}})`],
  ])
}

function steps(all: readonly (readonly [name: string, expression: string])[]): string {
  const lines = all.map(([name, expression], i) => `    ${name} = ${expression}${i < all.length - 1 ? ',' : ''}`)
  return ['let', ...lines, 'in', `    ${all.at(-1)![0]}`].join('\n')
}
