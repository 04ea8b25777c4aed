import { quoteIdentifier } from '../../../sql/quote.ts'
import type { DuckDbConnection } from '../../duckdb/duckdb-connection.ts'
import { isNested, isPlainList } from './type-map.ts'

/** A column of a table of the reader. */
export interface CopyColumn {
  readonly name: string
  readonly type: string
}

/** SQL of the reader that writes its columns as Postgres reads them; `table` is looked at for what few tables have. */
export async function copyColumns(
  reader: DuckDbConnection,
  table: string,
  columns: readonly CopyColumn[],
): Promise<readonly string[]> {
  const ancient = await beforeChrist(reader, table, columns)
  return columns.map(({ name, type }) => {
    const column = quoteIdentifier(name)
    if (ancient.has(name)) return `replace(${column}::varchar, ' (BC)', ' BC')`
    if (type === 'BLOB') return `'\\x' || lower(hex(${column}))`
    if (isPlainList(type)) return arraySql(column)
    return isNested(type) ? `to_json(${column})::varchar` : column
  })
}

/** Columns with days before the year 1, which the two engines write differently. */
async function beforeChrist(
  reader: DuckDbConnection,
  table: string,
  columns: readonly CopyColumn[],
): Promise<ReadonlySet<string>> {
  const days = columns.filter(({ type }) => type === 'DATE' || type.startsWith('TIMESTAMP'))
  if (days.length === 0) return new Set()
  const asked = days.map(({ name }) => `min(${quoteIdentifier(name)})::varchar`).join(', ')
  const { rows } = await reader.query(`select ${asked} from ${table}`)
  const isAncient = (least: unknown) => String(least).includes('(BC)') || least === '-infinity'
  return new Set(days.flatMap(({ name }, i) => (isAncient(rows[0]![i]) ? [name] : [])))
}

function arraySql(column: string): string {
  const escaped = `replace(replace(x::varchar, '\\', '\\\\'), '"', '\\"')`
  const items = `list_transform(${column}, x -> case when x is null then 'NULL' else '"' || ${escaped} || '"' end)`
  return `case when ${column} is not null then '{' || coalesce(array_to_string(${items}, ','), '') || '}' end`
}
