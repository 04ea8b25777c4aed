import type { RowSet } from '../adapters/adapter.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Test } from '../project/resource.ts'
import type { AuditedTest } from './audit-tests.ts'
import { storeFailed } from './errors.ts'
import type { RunContext } from './run-context.ts'
import type { RunRequest } from './run-request.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import type { Worker } from './worker-pool.ts'

const ROWS_AT_ONCE = 500

/** Whether the bad rows of a test are kept, and as what. `store_failures_as` wins over `store_failures`, that over the flag. */
export function storesAs(request: RunRequest, { config }: Test): 'table' | 'view' | null {
  if (config.store_failures_as !== null)
    return config.store_failures_as === 'ephemeral' ? null : config.store_failures_as
  return (config.store_failures ?? request.storeFailures) ? 'table' : null
}

/** Where stored rows come from. */
export interface StoredRows {
  /**
   * The test's query. Null when only `rows` are left, because the transaction that the test looked into is about to be
   * rolled back.
   */
  readonly sql: MappedText | null
  readonly rows: RowSet | null
  /** False when the query reads relations that will be dropped: a view over them would be of no use. */
  readonly lasting: boolean
}

/** Reads the bad rows of failing tests while the open transaction still shows them. */
export async function captureRows(
  context: RunContext,
  worker: Worker,
  audited: readonly AuditedTest[],
): Promise<ReadonlyMap<string, RowSet>> {
  const captured = new Map<string, RowSet>()
  for (const { test, compiled, status } of audited) {
    if (compiled === null || storesAs(context.request, test) === null || (status !== 'fail' && status !== 'warn'))
      continue
    try {
      captured.set(test.uniqueId, await queryFor(context, worker, test, compiled.sql))
    } catch (error) {
      report(context, test, error)
    }
  }
  return captured
}

/** Writes the bad rows of a test into its own relation. A failure is a warning: the verdict stands without it. */
export async function storeRows(context: RunContext, worker: Worker, test: Test, from: StoredRows): Promise<void> {
  const wanted = storesAs(context.request, test)
  if (wanted === null) return
  const kind = from.lasting && from.sql !== null ? wanted : 'table'
  const { dialect, catalog } = context
  const target = test.relation
  const existing = catalog.kindOf(target)
  const replace = context.request.adapter.capabilities.replaceTable === true || kind === 'view'
  try {
    if (existing !== null && (existing !== kind || !replace))
      await executeFor(context, worker, test, plain(dialect.drop(target, existing)))
    const sql = from.sql ?? emptyLike(from.rows!, context)
    const create =
      kind === 'view' ? dialect.createView(target, sql, { replace }) : dialect.createTableAs(target, sql, { replace })
    await executeFor(context, worker, test, create)
    catalog.publish(target, kind, test.uniqueId)
    if (from.sql === null) await insertRows(context, worker, test, from.rows!)
  } catch (error) {
    report(context, test, error)
  }
}

function emptyLike({ columns }: RowSet, { dialect }: RunContext): MappedText {
  const list = columns.map((c) => `cast(null as ${c.type}) as ${dialect.identifier(c.name)}`)
  return plain(`select ${list.join(', ')} where false`)
}

async function insertRows(context: RunContext, worker: Worker, test: Test, { rows }: RowSet): Promise<void> {
  const { dialect } = context
  const into = dialect.relation(test.relation)
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const values = rows.slice(at, at + ROWS_AT_ONCE).map((row) => `(${row.map((c) => dialect.literal(c)).join(', ')})`)
    await executeFor(context, worker, test, plain(`insert into ${into} values ${values.join(', ')}`))
  }
}

function report(context: RunContext, test: Test, error: unknown): void {
  if (error instanceof CancelledError) return
  if (!(error instanceof UserError) && !(error instanceof DatabaseError)) throw error
  const reason = error instanceof UserError ? (error.diagnostics[0]?.message ?? '') : error.fault.message
  const diagnostic = storeFailed({ name: test.name, reason }, { span: test.span, node: test.uniqueId })
  context.request.emit({ type: 'diagnostic', diagnostic })
}
