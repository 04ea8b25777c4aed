import type { ResultColumn, RowSet } from '../adapters/adapter.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import { type ContractFault, compareContract } from '../materializations/compare-contract.ts'
import type { ContractColumn } from '../materializations/contract.ts'
import { contractBroken, unknownContractType } from '../materializations/errors.ts'
import type { ContractRequest } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'
import { ofMember } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { queryFor } from './run-statement.ts'
import type { Worker } from './worker-pool.ts'

/** Compares the columns that a query would give with the contract of its node. Raises `UserError` with all that differs. */
export async function checkContract(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { sql, columns }: ContractRequest,
): Promise<void> {
  const { dialect, capabilities } = context.request.adapter
  const actual = (await queryFor(context, worker, member.node, sql)).columns
  const types = await typesOf(context, worker, member, columns)
  const declared = columns.map((column, i) => ({ column, type: types[i]!.type }))
  const comparableType = (type: string): string => dialect.comparableType?.(type) ?? type
  const faults = compareContract(declared, actual, { ignoresCase: capabilities.ignoresCase === true, comparableType })
  if (faults.length === 0) return
  const broken = contractBroken({ node: member.node.name, faults: faults.length })
  const span = spanOf(faults, columns)
  throw new UserError({
    ...ofMember(context, member, broken),
    ...(span === undefined ? {} : { span }),
    rows: {
      columns: ['column', 'declared', 'in the query', 'mistake'],
      rows: faults.map(({ name, declared: wanted, actual: got, what }) => [name, wanted ?? '', got ?? '', what]),
    },
  })
}

/** The first declared column that is wrong; for one that is not declared, where it would be. */
function spanOf(
  faults: readonly ContractFault[],
  columns: readonly ContractColumn[],
): ContractColumn['span'] | undefined {
  const first = faults.find((fault) => fault.column !== null)
  if (first?.column == null) return columns.at(-1)?.span
  return first.what === 'type differs' ? first.column.typeSpan : first.column.span
}

/** Declared types in the engine's words. */
async function typesOf(
  context: RunContext,
  { session }: Worker,
  member: MemberRun,
  columns: readonly ContractColumn[],
): Promise<readonly ResultColumn[]> {
  // A failed statement must not end the transaction before it is clear which type it was.
  const ask = (list: readonly ContractColumn[]): Promise<RowSet> => {
    const sql = `select ${list.map(({ type }, i) => `cast(null as ${type}) as c${i}`).join(', ')}`
    return session.queryApart === undefined ? session.query(sql) : session.queryApart(sql)
  }
  try {
    return (await ask(columns)).columns
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const unknown: ContractColumn[] = []
    for (const column of columns) if (!(await isKnown(ask, column))) unknown.push(column)
    if (unknown.length === 0) throw error
    throw new UserError(
      unknown.map(({ name, type, typeSpan }) => ({
        ...ofMember(context, member, unknownContractType({ column: name, type })),
        span: typeSpan,
      })),
    )
  }
}

async function isKnown(
  ask: (list: readonly ContractColumn[]) => Promise<RowSet>,
  column: ContractColumn,
): Promise<boolean> {
  try {
    await ask([column])
    return true
  } catch (error) {
    if (error instanceof DatabaseError) return false
    throw error
  }
}
