import { DatabaseError } from '../../../base/errors.ts'
import { quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { type CopySource, copyRows } from './copy-rows.ts'

/** `pg_input_is_valid` is there from this version on. */
const CAN_ASK = 160_000

/** True for what the server says when a value is none of its type. */
export function isBadValue(error: unknown): boolean {
  const kinds = ['conversion', 'range', 'argument', 'constraint', 'type']
  return error instanceof DatabaseError && kinds.includes(error.fault.kind)
}

/** Values to be tried: a source of `_file`, `_line` and a text for each type. */
export interface Suspects {
  readonly source: CopySource
  readonly types: readonly string[]
}

export interface UnfitValue {
  readonly file: string | null
  readonly line: number
  /** Index of the type. */
  readonly column: number
}

/**
 * Finds the rows with a value that is none of its type, and the first such value of each, in the order of lines. Nothing is
 * left behind. To be called in a transaction; `table` is a name that is free.
 */
export async function findUnfit(
  connection: PostgresConnection,
  table: RelationName,
  { source, types }: Suspects,
): Promise<readonly UnfitValue[]> {
  const name = postgresDialect.relation(table)
  const found: UnfitValue[] = []
  await connection.savepoint(async () => {
    const columns = types.map((_, i) => `t${i} text`).join(', ')
    await connection.execute(
      `create table ${name} (_file text, _line bigint, ${columns}, n bigint generated always as identity primary key)`,
    )
    await copyRows(connection, source, name)
    await connection.execute(`analyze ${name}`)
    const find = connection.serverVersion >= CAN_ASK ? ask : search
    for (const [i, type] of types.entries()) {
      for (const [file, line] of await find(connection, name, `t${i}`, type)) found.push({ file, line, column: i })
    }
    await connection.execute(`drop table ${name}`)
  })
  return firstOfEach(found)
}

function firstOfEach(found: readonly UnfitValue[]): readonly UnfitValue[] {
  const rows = new Map<string, UnfitValue>()
  for (const value of found) {
    const key = `${value.line} ${value.file}`
    if (!rows.has(key)) rows.set(key, value)
  }
  return [...rows.values()].sort((a, b) => a.line - b.line)
}

type Place = readonly [file: string | null, line: number]

async function ask(
  connection: PostgresConnection,
  table: string,
  column: string,
  type: string,
): Promise<readonly Place[]> {
  const { rows } = await connection.query(
    `select _file, _line from ${table} where ${column} is not null and not pg_input_is_valid(${column}, ${quoteString(type)})`,
  )
  return rows.map(([file, line]): Place => [file as string | null, Number(line)])
}

/** Older servers only raise: halves the rows until the bad ones are alone. */
async function search(
  connection: PostgresConnection,
  table: string,
  column: string,
  type: string,
): Promise<readonly Place[]> {
  const found: Place[] = []
  const isFit = async (from: number, to: number) => {
    const rows = `select count((${column})::${type}) from ${table} where n between ${from} and ${to}`
    try {
      await connection.savepoint(() => connection.query(rows))
      return true
    } catch (error) {
      if (!isBadValue(error)) throw error
      return false
    }
  }
  const { rows } = await connection.query(`select max(n) from ${table}`)
  const open: [from: number, to: number][] = [[1, Number(rows[0]![0] ?? 0)]]
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [from, to] = range
    if (from > to || (await isFit(from, to))) continue
    if (from === to) {
      const row = await connection.query(`select _file, _line from ${table} where n = ${from}`)
      found.push([row.rows[0]![0] as string | null, Number(row.rows[0]![1])])
      continue
    }
    const middle = Math.floor((from + to) / 2)
    open.push([middle + 1, to], [from, middle])
  }
  return found
}
