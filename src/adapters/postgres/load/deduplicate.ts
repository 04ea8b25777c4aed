import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { DuplicateRule } from '../../duckdb/deduplicate.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { tableTypes } from './table-types.ts'

/** Types that cannot be compared as they are. */
const WITHOUT_EQUALITY = /^(json|xml|point|polygon|txid_snapshot|pg_snapshot|refcursor)\b/

function comparable(column: string, type: string): string {
  return WITHOUT_EQUALITY.test(type) ? `${column}::text` : column
}

/** The condition that a row can be a duplicate at all. */
function counts(rule: DuplicateRule, place: (column: string) => string): string {
  return rule.nullsDiffer ? rule.columns.map((c) => `${place(c)} is not null`).join(' and ') : 'true'
}

/** Removes all but the last of equal rows, by file name and line; returns how many of each file went. */
export async function removeDuplicates(
  connection: PostgresConnection,
  table: RelationName,
  rule: DuplicateRule,
): Promise<ReadonlyMap<string, number>> {
  const there = (await tableTypes(connection, table)) ?? new Map<string, string>()
  const columns = rule.columns.filter((column) => there.has(column))
  // A column that the table lacks is null in all its rows.
  if (columns.length === 0 || (rule.nullsDiffer && columns.length < rule.columns.length)) return new Map()
  const keys = columns.map((c) => comparable(quoteIdentifier(c), there.get(c)!)).join(', ')
  const name = postgresDialect.relation(table)
  const { rows } = await connection.query(`with gone as (delete from ${name} where ctid = any(array(select id from (
  select ctid as id, row_number() over (partition by ${keys} order by _file collate "C" desc, _line desc, ctid desc) as place
  from ${name} where ${counts(rule, quoteIdentifier)}) ranked where place > 1)) returning _file)
select _file, count(*) from gone group by 1`)
  return new Map(rows.map(([file, count]) => [String(file), Number(count)]))
}

/**
 * Removes rows of `from` that lose against an equal row of `winners`; the later file wins, new rows win within a file. Where
 * null equals null, rows are compared as whole records, which can be joined by sorting them; `is not distinct from` would
 * compare each row with each.
 */
export async function removeLosers(
  connection: PostgresConnection,
  tables: { from: RelationName; winners: RelationName; fromIsNew: boolean; except: readonly string[] },
  rule: DuplicateRule,
): Promise<number> {
  const from = await tableTypes(connection, tables.from)
  const winners = await tableTypes(connection, tables.winners)
  const type = (column: string) => from?.get(column) ?? winners?.get(column) ?? 'text'
  const key = (alias: string, there: ReadonlyMap<string, string> | undefined) => (column: string) => {
    const own = there?.get(column)
    if (own === undefined) return `null::${WITHOUT_EQUALITY.test(type(column)) ? 'text' : type(column)}`
    const place = `${alias}.${quoteIdentifier(column)}`
    return comparable(own === type(column) ? place : `${place}::${type(column)}`, type(column))
  }
  const losing = key('l', from)
  const winning = key('w', winners)
  const old = tables.fromIsNew ? 'w' : 'l'
  const listed = tables.except.map(quoteString).join(', ')
  const kept = listed === '' ? '' : ` and ${old}._file not in (${listed})`
  const later = tables.fromIsNew ? '>' : '>='
  const winnersName = postgresDialect.relation(tables.winners)
  const other = rule.nullsDiffer
    ? `from ${winnersName} as w where ${rule.columns.map((c) => `${winning(c)} = ${losing(c)}`).join(' and ')}`
    : `from (select row(${rule.columns.map(winning).join(', ')}) as key, w._file from ${winnersName} as w offset 0) as w
  where w.key = row(${rule.columns.map(losing).join(', ')})`
  const removed = await connection.execute(`delete from ${postgresDialect.relation(tables.from)} as l
where exists (select ${other} and w._file collate "C" ${later} l._file${kept})`)
  return removed ?? 0
}
