import type { ResultColumn } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { expandIncrement, nullKeyQuery, type ReplacedTime } from '../materializations/expand-increment.ts'
import { withColumnNames } from '../materializations/increment-columns.ts'
import type { Increment } from '../materializations/step.ts'
import type { BuiltNode } from '../project/resource.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import type { Worker } from './worker-pool.ts'

/** What an increment did: the statement that changed rows last, and how many rows all of them touched. */
export interface AppliedIncrement {
  readonly did: string
  readonly rows: number
}

/** Staged rows of batches, and which of their columns the model gave. */
export interface StagedBatches extends ReplacedTime {
  readonly columns: (staged: readonly ResultColumn[]) => readonly ResultColumn[]
}

/** Brings staged rows into their table. Raises `UserError` when columns or keys do not fit. */
export async function applyIncrement(
  context: RunContext,
  worker: Worker,
  node: BuiltNode,
  declared: Increment,
  batches?: StagedBatches,
): Promise<AppliedIncrement> {
  const target = await worker.session.columnsOf(declared.target)
  const all = await worker.session.columnsOf(declared.staged)
  const staged = batches === undefined ? all : batches.columns(all)
  const increment = withColumnNames(declared, staged)
  const { dialect, capabilities } = context.request.adapter
  const placed = (diagnostic: Diagnostic): Diagnostic => {
    const see = compiledPath(context, node)
    return { ...diagnostic, span: node.span, node: node.uniqueId, ...(see === undefined ? {} : { see }) }
  }
  const expand = (nullKeys: boolean) =>
    expandIncrement(increment, { target, staged, nullKeys, replaced: batches }, { dialect, capabilities })
  const { diagnostics } = expand(false)
  if (diagnostics.length > 0) throw new UserError(diagnostics.map(placed))
  const asked = nullKeyQuery(increment, dialect)
  const expanded = expand(asked !== undefined && (await isTrue(context, worker, node, asked)))
  for (const check of expanded.checks) {
    const found = await queryFor(context, worker, node, plain(check.sql))
    if (found.rows.length > 0) throw new UserError({ ...placed(check.diagnostic), rows: sampleRows(found) })
  }
  let did = ''
  let touched = 0
  for (const { label, sql, countsRows } of expanded.statements) {
    const rows = await executeFor(context, worker, node, plain(sql))
    if (!countsRows) continue
    did = label
    touched += rows ?? 0
  }
  return { did, rows: touched }
}

async function isTrue(context: RunContext, worker: Worker, node: BuiltNode, sql: string): Promise<boolean> {
  return (await queryFor(context, worker, node, plain(sql))).rows[0]?.[0] === true
}
