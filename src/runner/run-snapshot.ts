import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError, UserError } from '../base/errors.ts'
import { MappedTextBuilder } from '../base/source-map.ts'
import {
  type Changes,
  closeStatement,
  deletionStatement,
  insertStatement,
  lateQuery,
  schemaStatements,
  settleStatements,
} from '../materializations/snapshot/applied-changes.ts'
import { lateVersions } from '../materializations/snapshot/errors.ts'
import { firstVersions } from '../materializations/snapshot/first-versions.ts'
import { matchHistory, missingMeta, spelledAs } from '../materializations/snapshot/history.ts'
import { resolveSnapshot } from '../materializations/snapshot/resolve-snapshot.ts'
import { firstChecks, type RowCheck, stagedChecks } from '../materializations/snapshot/row-checks.ts'
import type { ResolvedSnapshot, SnapshotSpec } from '../materializations/snapshot/snapshot-spec.ts'
import { stagedChanges } from '../materializations/snapshot/staged-changes.ts'
import type { SnapshotRequest, Step } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'
import { ofMember } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import type { Worker } from './worker-pool.ts'

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>

/** Makes the table of a history that begins. */
export async function buildSnapshot(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { target, options, request, label }: StepOf<'build-snapshot'>,
): Promise<void> {
  const { dialect } = context
  const snapshot = await resolved(context, worker, member, request, { spec: request.spec, timeType: null })
  const sql = dialect.createTableAs(target, firstVersions(snapshot, request.query, dialect), options)
  const rows = await executeFor(context, worker, member.node, sql)
  await refuse(context, worker, member, firstChecks(snapshot, target, dialect))
  member.did = label
  member.rows = rows
}

/** Stages what differs between the query and the history, and says what is wrong with it. */
export async function stageSnapshot(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { staged, request }: StepOf<'stage-snapshot'>,
): Promise<void> {
  const { dialect } = context
  const table = await worker.session.columnsOf(request.spec.target)
  stopAt(context, member, missingMeta(request, table, dialect))
  const spec = spelledAs(table, request.spec)
  const timeType = table.find((column) => column.name === spec.meta.dbt_updated_at)!.type
  const snapshot = await resolved(context, worker, member, request, { spec, timeType })
  const { diagnostics, history } = matchHistory(snapshot, table, dialect)
  stopAt(context, member, diagnostics)
  const changes: Changes = { snapshot, history, staged }
  const query = stagedChanges(snapshot, history, request.query, dialect)
  await executeFor(context, worker, member.node, dialect.createTableAs(staged, query))
  await refuse(context, worker, member, stagedChecks(changes, dialect))
  for (const sql of settleStatements(changes, dialect)) await executeFor(context, worker, member.node, plain(sql))
  const found = await queryFor(context, worker, member.node, plain(lateQuery(changes, dialect)))
  const [versions, deletions] = (found.rows[0] ?? []).map(Number)
  if (versions! + deletions! > 0)
    member.warn(ofMember(context, member, lateVersions({ versions: versions!, deletions: deletions! })))
  member.changes = changes
}

/** Brings staged changes into the history: ends what is over, adds what is new. */
export async function applySnapshot(context: RunContext, worker: Worker, member: MemberRun): Promise<void> {
  const { changes, node } = member
  if (changes === null) throw new InternalError(`${node.uniqueId} is applied before it was staged`)
  const { dialect } = context
  const run = (sql: string): Promise<number | null> => executeFor(context, worker, node, plain(sql))
  for (const sql of schemaStatements(changes, dialect)) await run(sql)
  await run(closeStatement(changes, dialect))
  const deletions = deletionStatement(changes, dialect)
  const inserted = [insertStatement(changes, dialect), ...(deletions === null ? [] : [deletions])]
  member.did = 'insert rows'
  member.rows = 0
  for (const sql of inserted) member.rows += (await run(sql)) ?? 0
}

/** Asks the query for its columns and finds those that the configuration names. Raises `UserError`. */
async function resolved(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { query, meta }: SnapshotRequest,
  { spec, timeType }: { readonly spec: SnapshotSpec; readonly timeType: string | null },
): Promise<ResolvedSnapshot> {
  const asked = new MappedTextBuilder().raw('select * from (\n').append(query).raw('\n) as tsdbt_input limit 0').build()
  const { columns } = await queryFor(context, worker, member.node, asked)
  const { diagnostics, resolved: snapshot } = resolveSnapshot(spec, { columns, meta, timeType })
  stopAt(context, member, diagnostics)
  return snapshot
}

function stopAt(context: RunContext, member: MemberRun, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new UserError(diagnostics.map((d) => ofMember(context, member, d)))
}

/** Raises `UserError` with the rows of the first check that gives some. */
async function refuse(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  checks: readonly RowCheck[],
): Promise<void> {
  for (const { sql, diagnostic } of checks) {
    const found = await queryFor(context, worker, member.node, plain(sql))
    if (found.rows.length > 0)
      throw new UserError({ ...ofMember(context, member, diagnostic), rows: sampleRows(found) })
  }
}
