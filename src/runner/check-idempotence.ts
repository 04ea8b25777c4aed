import type { Diagnostic, Place } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Model, NodeRelation, Snapshot } from '../project/resource.ts'
import type { UnitOutcome } from './close-unit.ts'
import { compareTables, type TableDifferences } from './compare-tables.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import { type Rehearsal, rehearse, rehearseFirst } from './rehearse.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import { executeFor, plain } from './run-statement.ts'
import { plainTable } from './show-differences.ts'
import { stopMessage } from './skip-message.ts'
import { differsFromFullRefresh, notIdempotent } from './unit-test-errors.ts'
import type { Worker } from './worker-pool.ts'

/**
 * Runs an incremental model or a snapshot twice on a copy of its table, in a transaction that is rolled back. The second
 * run must change nothing; the copy of an incremental model must then hold what a full refresh makes.
 */
export async function checkIdempotence(context: RunContext, id: string, priority: number): Promise<UnitOutcome> {
  const node = context.request.graph.nodes.get(id) as Model | Snapshot
  const passed = await context.pool.run(priority, (worker) => checkNode(context, worker, node))
  return { blockedBy: passed ? null : id }
}

async function checkNode(context: RunContext, worker: Worker, node: Model | Snapshot): Promise<boolean> {
  const { book, stop } = context
  if (stop.reason !== null) {
    book.skip(node, stopMessage(stop.reason), null)
    return false
  }
  const open = book.open(node, worker.threadId)
  try {
    const found = await open.during('execute', () => inScratch(worker, () => violations(context, worker, node)))
    if (found.length === 0) {
      book.close(open, { status: 'pass', message: '', failures: 0 })
      return true
    }
    const message = found.map(({ words, table }) => `${words}\n\n${table}`).join('\n\n')
    const failures = found.reduce((n, v) => n + v.failures, 0)
    book.close(open, { status: 'fail', message, failures, diagnostics: found.map((v) => v.diagnostic) })
  } catch (error) {
    if (error instanceof CancelledError) {
      book.close(open, { status: 'skipped', message: stopMessage(stop.reason) })
      return false
    }
    const see = compiledPath(context, node)
    const diagnostics = diagnosticsOf(error, { node, statement: null, see })
    book.close(open, { status: 'error', message: diagnostics[0]?.message ?? 'failed', diagnostics })
  }
  if (context.request.failFast) stop.stop('fail-fast')
  return false
}

async function inScratch<T>({ session }: Worker, work: () => Promise<T>): Promise<T> {
  await session.begin()
  try {
    return await work()
  } finally {
    await session.rollback()
  }
}

interface Violation {
  readonly words: string
  readonly failures: number
  readonly table: string
  readonly diagnostic: Diagnostic
}

async function violations(context: RunContext, worker: Worker, node: Model | Snapshot): Promise<Violation[]> {
  const { dialect, shapes } = context
  const scratch = (): NodeRelation => shapes.scratch(node.relation.identifier)
  const copy = (to: NodeRelation, from: NodeRelation) =>
    executeFor(context, worker, node, dialect.createTableAs(to, plain(`select * from ${dialect.relation(from)}`)))
  const [table, once] = [scratch(), scratch()]
  const stands = (await worker.session.columnsOf(node.relation)).length > 0
  const first = await query(context, worker, node, null)
  let full: NodeRelation | null = null
  if (node.resourceType === 'model') {
    full = scratch()
    await rehearseFirst(context, worker, { node, table: full }, first)
    await copy(table, stands ? node.relation : full)
  } else if (stands) await copy(table, node.relation)
  else await rehearseFirst(context, worker, { node, table }, first)
  const again = async (rehearsal: Rehearsal) =>
    rehearse(context, worker, rehearsal, await query(context, worker, node, table))
  await again({ node, table, later: 1000 })
  await copy(once, table)
  await again({ node, table, later: 2000 })
  const ignored = ignoredColumns(node)
  const found: Violation[] = []
  const twice = await compareTables(context, worker, node, { expected: once, actual: table, ignored })
  const place = placeOf(context, node)
  if (twice !== null) found.push(violation(twice, (words) => notIdempotent({ node: node.name, words }, place)))
  if (full !== null) {
    const other = await compareTables(context, worker, node, { expected: full, actual: once, ignored })
    if (other !== null)
      found.push(violation(other, (words) => differsFromFullRefresh({ node: node.name, words }, place)))
  }
  return found
}

function query(
  { request }: RunContext,
  { session }: Worker,
  node: Model | Snapshot,
  table: NodeRelation | null,
): Promise<MappedText> {
  return request.compiler.compileQuery(node.uniqueId, {
    relations: new Map(),
    incremental: table !== null && node.resourceType === 'model',
    introspection: session,
    own: table === null ? undefined : { node: node.uniqueId, relation: table },
  })
}

function placeOf(context: RunContext, node: Model | Snapshot): Place {
  const see = compiledPath(context, node)
  return { span: node.span, node: node.uniqueId, ...(see === undefined ? {} : { see }) }
}

function violation({ failures, shown }: TableDifferences, word: (words: string) => Diagnostic): Violation {
  const rest = shown.more <= 0 ? [] : [`${shown.more} more rows like these`]
  const diagnostic = word(shown.words)
  return {
    words: diagnostic.message,
    failures,
    table: [plainTable(shown.rows), ...rest].join('\n'),
    diagnostic: { ...diagnostic, rows: shown.rows, notes: [...rest, ...(diagnostic.notes ?? [])] },
  }
}

/** `meta: {idempotence: {ignore: [loaded_at]}}`: columns that say when a row was written. */
function ignoredColumns({ meta }: Model | Snapshot): ReadonlySet<string> {
  const settings = meta['idempotence']
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return new Set()
  const { ignore } = settings as { readonly ignore?: unknown }
  return new Set(Array.isArray(ignore) ? ignore.filter((name) => typeof name === 'string') : [])
}
