import type { RowSet } from '../adapters/adapter.ts'
import { UserError } from '../base/errors.ts'
import { givenRows, typedCells } from '../compile/given-sql.ts'
import type { FixtureCell } from '../config/unit-test-entry.ts'
import { seedRequest } from '../materializations/seed-request.ts'
import type { UnitTest } from '../project/resource.ts'
import type { PreparedUnitTest, TypedInput } from './prepare-unit-test.ts'
import { rehearse } from './rehearse.ts'
import type { RunContext } from './run-context.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import { unfitValue } from './unit-test-errors.ts'
import type { Worker } from './worker-pool.ts'

/** The rows that the model makes of what is given. Leaves nothing behind. Raises `UserError`. */
export async function executeUnitTest(
  context: RunContext,
  worker: Worker,
  prepared: PreparedUnitTest,
): Promise<RowSet> {
  try {
    if (prepared.table === null && prepared.seeds.length === 0)
      return await queryFor(context, worker, prepared.test, prepared.sql)
    await worker.session.begin()
    return await inTransaction(context, worker, prepared)
  } catch (error) {
    await worker.session.rollback()
    if (!(error instanceof UserError) || error.fault === undefined) throw error
    // A value that its column cannot take is told at its place rather than at the statement.
    const unfit = await unfitInputs(context, worker, prepared)
    throw unfit.length > 0 ? new UserError(unfit) : error
  } finally {
    await worker.session.rollback()
  }
}

async function inTransaction(context: RunContext, worker: Worker, prepared: PreparedUnitTest): Promise<RowSet> {
  const { test, model, sql, seeds, table, inputs } = prepared
  const { dialect } = context
  for (const { seed, target } of seeds) await worker.session.loadSeed(seedRequest(seed, target))
  if (table === null) return queryFor(context, worker, test, sql)
  const before = inputs.find(({ input }) => input.what === 'this')!
  await executeFor(context, worker, test, dialect.createTableAs(table, before.sql))
  await rehearse(context, worker, { node: model, table }, sql)
  return queryFor(context, worker, test, plain(`select * from ${dialect.relation(table)}`))
}

async function unfitInputs(context: RunContext, worker: Worker, { test, inputs }: PreparedUnitTest) {
  const found = []
  for (const input of inputs) found.push(...(await unfitCells(context, worker, test, input)))
  return found
}

/** One diagnostic for each given value that the type of its column does not take. */
async function unfitCells(context: RunContext, worker: Worker, test: UnitTest, { input, columns }: TypedInput) {
  const { rows } = input
  if (rows.kind === 'sql') return []
  const { dialect } = context
  if (await isReadable(worker, givenRows(rows, columns, dialect).text)) return []
  const cells = rows.rows.flatMap((row) =>
    row.cells.flatMap((cell) => {
      const type = columns.find((c) => c.name.toLowerCase() === cell.column.toLowerCase())?.type
      return type === undefined ? [] : [{ cell, type }]
    }),
  )
  return findUnfit(context, worker, test, cells)
}

/** Asks for each value alone. */
export async function findUnfit(
  { dialect }: RunContext,
  worker: Worker,
  test: UnitTest,
  cells: readonly { readonly cell: FixtureCell; readonly type: string }[],
) {
  const found = []
  for (const { cell, type } of cells) {
    if (cell.value === null || (await isReadable(worker, typedCells([{ cell, type }], dialect).text))) continue
    const value = typeof cell.value === 'object' ? JSON.stringify(cell.value) : String(cell.value)
    found.push(unfitValue({ value, column: cell.column, type }, { span: cell.span, node: test.uniqueId }))
  }
  return found
}

async function isReadable(worker: Worker, sql: string): Promise<boolean> {
  try {
    await worker.session.query(sql)
    return true
  } catch {
    return false
  }
}
