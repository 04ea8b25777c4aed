import { quoteIdentifier } from '../../../sql/quote.ts'
import { type ReadSeed, readSeed, type SeedSite, withSeedFolder } from '../../duckdb/load-seed.ts'
import type { TableColumn } from '../../duckdb/load-staging.ts'
import type { SeedRequest, SeedResult } from '../../load.ts'
import { inTransaction } from '../in-transaction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { columnName } from './column-name.ts'
import { copyColumns } from './copy-columns.ts'
import { copyRows } from './copy-rows.ts'
import { findUnfit, isBadValue } from './find-unfit.ts'
import { openReaderFor } from './open-reader-for.ts'
import { resolveTypes } from './resolve-types.ts'
import { storedType, takesText } from './type-map.ts'

/** The rows of a seed with their types, in the reader. */
const TYPED = 'tsdbt_typed'
const LINE = 'tsdbt_line'

/**
 * Makes the target table from a seed file, in the transaction that is open or in one of its own. Raises `UserError` at the
 * first row that cannot be taken; the target does not exist then.
 */
export async function loadSeed(connection: PostgresConnection, request: SeedRequest): Promise<SeedResult> {
  return withSeedFolder(async (folder) => {
    const reader = await openReaderFor(connection, folder)
    const site: SeedSite = {
      columnName,
      storedType,
      resolveTypes: (own, asked) => resolveTypes(connection, own, asked),
      create: (seed) => inTransaction(connection, () => create(connection, request, seed, folder)),
    }
    try {
      return await readSeed(reader.connection, site, request, folder)
    } finally {
      reader.close()
    }
  })
}

async function create(
  connection: PostgresConnection,
  { target }: SeedRequest,
  seed: ReadSeed,
  folder: string,
): Promise<number> {
  const { connection: reader, columns } = seed
  const name = postgresDialect.relation(target)
  await reader.execute(`create or replace temporary table ${TYPED} as ${seed.rows(LINE)}`)
  const copied = async (wanted: readonly TableColumn[]) => {
    const values = await copyColumns(reader, TYPED, wanted)
    return wanted.map((column, i) => ({ name: column.name, sql: values[i]! }))
  }
  const source = { reader, table: TYPED, folder }
  try {
    return await connection.savepoint(async () => {
      const defined = columns.map((column) => `${quoteIdentifier(column.name)} ${column.stored}`)
      await connection.execute(`create table ${name} (${defined.join(', ')})`)
      return copyRows(connection, { ...source, columns: await copied(columns) }, name)
    })
  } catch (error) {
    if (!isBadValue(error)) throw error
    const suspects = columns.filter(({ stored }) => !takesText(stored))
    const values = (await copied(suspects)).map(({ sql }, i) => ({ name: `t${i}`, sql }))
    const tried = { ...source, columns: [{ name: '_line', sql: LINE }, ...values] }
    const types = suspects.map(({ stored }) => stored)
    const [first] = await findUnfit(connection, target, { source: tried, types })
    if (first === undefined) throw error
    throw seed.refuse({ line: first.line, column: columns.indexOf(suspects[first.column]!) })
  }
}
