import type { Cell, RowSet } from '../adapters/adapter.ts'
import { constraintRefused } from '../adapters/errors.ts'
import type { Diagnostic, SampleRows } from '../base/diagnostic.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import { badRowsQuery, rowCheckQuery, wholeCheckQuery } from '../materializations/constraint-queries.ts'
import type { CheckedConstraint } from '../materializations/constraints.ts'
import { constraintViolated } from '../materializations/errors.ts'
import type { ConstraintCheck, Step } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'
import { ofMember } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { observed, plain } from './run-statement.ts'
import { sampleRows } from './sample-rows.ts'
import type { Worker } from './worker-pool.ts'

/** Looks for rows that break constraints. Raises `UserError` with some of them for each that is broken. */
export async function checkConstraints(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { relation, constraints }: ConstraintCheck,
): Promise<void> {
  const { dialect } = context
  const name = dialect.relation(relation)
  const ask = (sql: string) => askApart(context, worker, member, sql)
  const broken: Diagnostic[] = []
  const rowwise = rowCheckQuery(name, constraints, dialect)
  const counts = rowwise === undefined ? [] : await countBad(rowwise, ask, (c) => badRowsQuery(name, c, dialect))
  for (const [i, constraint] of (rowwise?.constraints ?? []).entries()) {
    const rows = Number(counts[i])
    if (rows === 0) continue
    const found = await ask(badRowsQuery(name, constraint, dialect))
    broken.push(violated(context, member, constraint, rows, sampleRows(found, constraint.columns[0] ?? null)))
  }
  for (const constraint of constraints) {
    const sql = wholeCheckQuery(name, constraint, dialect)
    const found = sql === null ? null : await placedAt(constraint, () => ask(sql))
    if (found !== null && found.rows.length > 0)
      broken.push(violated(context, member, constraint, null, sampleRows(found)))
  }
  if (broken.length > 0) throw new UserError(broken)
}

/** A condition that the engine does not understand must not end an open transaction before it is known which it was. */
function askApart(context: RunContext, worker: Worker, member: MemberRun, sql: string): Promise<RowSet> {
  const { session } = worker
  const ask = () => (session.queryApart === undefined ? session.query(sql) : session.queryApart(sql))
  return observed(context, worker, member.node, plain(sql), ask)
}

/** Bad rows of each constraint, in one scan. */
async function countBad(
  { sql, constraints }: NonNullable<ReturnType<typeof rowCheckQuery>>,
  ask: (sql: string) => Promise<RowSet>,
  single: (constraint: CheckedConstraint) => string,
): Promise<readonly Cell[]> {
  try {
    return (await ask(sql)).rows[0] ?? []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    for (const constraint of constraints) await placedAt(constraint, () => ask(single(constraint)))
    throw error
  }
}

/** A mistake in a statement that was made of a constraint stands where the constraint does. */
async function placedAt<T>({ span }: CheckedConstraint, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      error.diagnostics.map((d) => ({ ...d, span })),
      error.fault,
    )
  }
}

function violated(
  context: RunContext,
  member: MemberRun,
  { type, name, columns, expression, target, span }: CheckedConstraint,
  rows: number | null,
  sample: SampleRows,
): Diagnostic {
  const { node } = member
  const facts = { type, name, columns, expression, rows, node: node.name, target: target?.relation ?? null }
  return { ...ofMember(context, member, constraintViolated(facts)), span, rows: sample }
}

/** Makes a table's constraints those that are declared. Rows that a new one is not fulfilled by are shown. */
export async function ensureConstraints(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { request, when, checks }: Extract<Step, { kind: 'ensure-constraints' }>,
): Promise<void> {
  const { constraints } = worker.session
  try {
    if (!(await constraints.differ(request))) return
    if (when === 'before') return await constraints.loosen(request)
    // New rows were looked at when they were staged; those that stood before were not.
    if (member.plan?.inPlace === true) await checkConstraints(context, worker, member, checks)
    await constraints.ensure(request)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    // Of a table that is written with all its constraints at once it is not said which was refused: the one that nobody checked.
    const [first] = [...checks.constraints].sort((a, b) => suspicion(b) - suspicion(a))
    if (first === undefined || error.fault.kind === 'interrupted') throw error
    const refused = constraintRefused({ kind: first.type, reason: error.fault.message })
    throw new UserError({ ...ofMember(context, member, refused), span: first.span }, error.fault)
  }
}

function suspicion({ type, expression }: CheckedConstraint): number {
  return type === 'custom' ? 2 : type === 'check' || expression !== null ? 1 : 0
}
