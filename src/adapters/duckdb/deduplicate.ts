import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

export interface DuplicateRule {
  /** Columns that make two rows one. */
  readonly columns: readonly string[]
  /** True: rows with a null in one of the columns are never duplicates. False: nulls are equal. */
  readonly nullsDiffer: boolean
}

/** Names of the columns of a table, in lower case. */
async function columnsOf(connection: DuckDbConnection, table: RelationName): Promise<ReadonlySet<string>> {
  const { columns } = await connection.query(`from ${duckDbDialect.relation(table)} limit 0`)
  return new Set(columns.map((column) => column.name.toLowerCase()))
}

function counts(rule: DuplicateRule): string {
  return rule.nullsDiffer ? rule.columns.map((c) => `${quoteIdentifier(c)} is not null`).join(' and ') : 'true'
}

/** Removes all but the last of equal rows, by file name and line. Returns how many went. */
export async function removeDuplicates(
  connection: DuckDbConnection,
  table: RelationName,
  rule: DuplicateRule,
): Promise<number> {
  const name = duckDbDialect.relation(table)
  const there = await columnsOf(connection, table)
  const columns = rule.columns.filter((column) => there.has(column.toLowerCase()))
  // A column that the table lacks is null in all its rows.
  if (columns.length === 0 || (rule.nullsDiffer && columns.length < rule.columns.length)) return 0
  const removed = await connection.execute(`delete from ${name} where rowid in (select row from (
  select rowid as row, row_number() over (partition by ${columns.map(quoteIdentifier).join(', ')} order by _file desc, _line desc, rowid desc) as place
  from ${name} where ${counts(rule)}) where place > 1)`)
  return removed ?? 0
}

/** Removes rows of `from` that lose against an equal row of `winners`; the later file wins, new rows win within a file. */
export async function removeLosers(
  connection: DuckDbConnection,
  tables: { from: RelationName; winners: RelationName; fromIsNew: boolean; except: readonly string[] },
  rule: DuplicateRule,
): Promise<number> {
  const from = duckDbDialect.relation(tables.from)
  const winners = duckDbDialect.relation(tables.winners)
  const inFrom = await columnsOf(connection, tables.from)
  const inWinners = await columnsOf(connection, tables.winners)
  const equal = rule.columns.map((column) => {
    const operator = rule.nullsDiffer ? '=' : 'is not distinct from'
    const side = (name: string, there: ReadonlySet<string>) =>
      there.has(column.toLowerCase()) ? `${name}.${quoteIdentifier(column)}` : 'null'
    return `${side('l', inFrom)} ${operator} ${side('w', inWinners)}`
  })
  const old = tables.fromIsNew ? 'w' : 'l'
  const listed = tables.except.map(quoteString).join(', ')
  const replaced = tables.except.length === 0 ? '' : ` and ${old}._file not in (${listed})`
  const later = tables.fromIsNew ? 'w._file > l._file' : 'w._file >= l._file'
  const removed = await connection.execute(
    `delete from ${from} as l where exists (select 1 from ${winners} as w where ${equal.join(' and ')} and ${later}${replaced})`,
  )
  return removed ?? 0
}
