import { InternalError } from '../base/errors.ts'
import { relationKindOf } from '../materializations/last-steps.ts'
import { rebindText } from '../materializations/rebind-text.ts'
import { hasQuery } from '../project/relation-of.ts'
import type { RelationNode } from '../project/resource.ts'
import { type AuditedTest, blocks } from './audit-tests.ts'
import type { MemberRun } from './member-run.ts'
import { nodeMessage } from './node-message.ts'
import type { RunContext } from './run-context.ts'
import { skipMessage, stopMessage } from './skip-message.ts'
import { renamingsOf, type UnitRun } from './unit-run.ts'

/** How a unit ended. */
export interface UnitOutcome {
  /** unique id of the node or test that failed: dependants are skipped because of it. Null when all is well. */
  readonly blockedBy: string | null
}

/** Why a whole unit is not published. */
interface Refusal {
  readonly node: string
  readonly words: string
}

/** Writes the results of a published unit's members. */
export function closePublished(context: RunContext, run: UnitRun): UnitOutcome {
  let blockedBy: string | null = null
  for (const member of run.members) {
    const { node, failure } = member
    if (node.resourceType === 'function') context.catalog.publishFunction(node.relation, node.uniqueId)
    else notePublished(context, node)
    const compiledSql = publishedSql(context, run, member)
    if (failure !== null) {
      blockedBy ??= node.uniqueId
      const message = `published, but ${failure[0]?.message ?? 'a hook failed'}`
      const batchResults = member.batches?.results('published') ?? null
      context.book.close(member.open!, { status: 'error', message, diagnostics: failure, compiledSql, batchResults })
      continue
    }
    const { message, adapterResponse } = nodeMessage(member)
    const mistakes = member.batches?.mistakes() ?? []
    const diagnostics = [...(member.load?.result.diagnostics ?? member.warnings), ...mistakes]
    const batchResults = member.batches?.results('published') ?? null
    const partial = batchResults !== null && batchResults.failed.length > 0
    if (partial) blockedBy ??= node.uniqueId
    const status = partial ? 'partial success' : 'success'
    context.book.close(member.open!, { status, message, adapterResponse, diagnostics, compiledSql, batchResults })
  }
  context.request.emit({ type: 'unit.published', members: run.unit.members })
  return { blockedBy }
}

function notePublished({ catalog, request }: RunContext, node: RelationNode): void {
  const kind = relationKindOf(node.config.materialized, request.adapter.capabilities)
  catalog.publish(node.relation, kind, node.uniqueId)
  const pointer = node.resourceType === 'model' ? node.version?.pointer : null
  if (pointer != null) catalog.publish(pointer, 'view', node.uniqueId)
  if (node.resourceType === 'source') catalog.publish(node.quarantine, 'table', node.uniqueId)
}

/** Writes the results of the members of a unit that is not published, and those of the tests that did not run. */
export function closeWithheld(context: RunContext, run: UnitRun, audited: readonly AuditedTest[]): UnitOutcome {
  const failing = failingTests(context, run, audited)
  const refusal = findRefusal(context, run, failing)
  for (const member of run.members) {
    const { node, failure, built } = member
    const own = failing.get(node.uniqueId) ?? []
    if (failure !== null)
      close(context, member, 'error', failure[0]?.message ?? 'failed', null, publishedSql(context, run, member))
    else if (own.length > 0) closeTested(context, run, member, own)
    else if (member.cancelled || refusal === null) closeStopped(context, member)
    else if (built)
      close(
        context,
        member,
        'error',
        `withheld: published together with ${refusal.words}`,
        refusal.node,
        publishedSql(context, run, member),
      )
    else if (member.open === null)
      context.book.skip(node, `skipped: published together with ${refusal.words}`, refusal.node)
    else close(context, member, 'skipped', `skipped: published together with ${refusal.words}`, refusal.node, null)
  }
  skipTests(context, run, audited, refusal)
  const blockedBy = refusal?.node ?? null
  const because = blockedBy === null ? [] : [blockedBy]
  context.request.emit({ type: 'unit.withheld', members: run.unit.members, because })
  return { blockedBy }
}

function closeTested(context: RunContext, run: UnitRun, member: MemberRun, own: readonly AuditedTest[]): void {
  const failed = own.filter((t) => t.status === 'fail').length
  const broken = own.length - failed
  const count = (n: number, verb: string): string => `${n} ${n === 1 ? 'test' : 'tests'} ${verb}`
  const parts = [failed === 0 ? '' : count(failed, 'failed'), broken === 0 ? '' : count(broken, 'could not run')]
  const message = `not published: ${parts.filter((p) => p !== '').join(', ')}`
  close(context, member, 'error', message, own[0]!.test.uniqueId, publishedSql(context, run, member))
}

function closeStopped(context: RunContext, member: MemberRun): void {
  const message = stopMessage(context.stop.reason)
  if (member.open === null) context.book.skip(member.node, message, null)
  else close(context, member, 'skipped', message, null, null)
}

function close(
  context: RunContext,
  member: MemberRun,
  status: 'error' | 'skipped',
  message: string,
  because: string | null,
  compiledSql: string | null,
): void {
  const diagnostics = member.failure ?? []
  const open = member.open
  if (open === null) throw new InternalError(`${member.node.uniqueId} ended before it began`)
  const batchResults = member.batches?.results('withheld') ?? null
  context.book.close(open, { status, message, because, diagnostics, compiledSql, batchResults })
}

function publishedSql(context: RunContext, run: UnitRun, member: MemberRun): string | null {
  const { node } = member
  if (member.compiled === null || !(hasQuery(node) || node.resourceType === 'function')) return null
  const direct = run.parents.get(member.node.uniqueId)?.direct ?? []
  return rebindText(member.compiled.sql, renamingsOf(context, direct)).text
}

/** Blocking tests by the member that they test: the attached one, else the last that they read. */
function failingTests(
  context: RunContext,
  run: UnitRun,
  audited: readonly AuditedTest[],
): ReadonlyMap<string, readonly AuditedTest[]> {
  const members = new Set(run.unit.members)
  const { graph } = context.request
  const byMember = new Map<string, AuditedTest[]>()
  for (const result of audited) {
    if (!blocks(result) || (result.status === 'skipped' && context.stop.reason !== null)) continue
    const { uniqueId, attachedNode } = result.test
    const read = (graph.parents.get(uniqueId) ?? []).filter((id) => members.has(id))
    const last = read.reduce<string | null>(
      (a, b) => (a === null || graph.rank.get(b)! > graph.rank.get(a)! ? b : a),
      null,
    )
    const tested =
      attachedNode !== null && members.has(attachedNode) ? attachedNode : (last ?? run.unit.members.at(-1)!)
    const list = byMember.get(tested)
    if (list === undefined) byMember.set(tested, [result])
    else list.push(result)
  }
  return byMember
}

function findRefusal(
  context: RunContext,
  run: UnitRun,
  failing: ReadonlyMap<string, readonly AuditedTest[]>,
): Refusal | null {
  const failed = run.members.find((m) => m.failure !== null)
  if (failed !== undefined) return { node: failed.node.uniqueId, words: `\`${failed.node.name}\`, which failed` }
  for (const [node, tests] of failing) {
    const name = context.request.graph.nodes.get(node)!.name
    const { test, status } = tests[0]!
    const verb = status === 'fail' ? 'failed' : 'could not run'
    return { node, words: `\`${name}\`, whose test \`${test.name}\` ${verb}` }
  }
  return null
}

/** Tests that were never begun because the unit failed before its audit, and those for after publishing. */
function skipTests(context: RunContext, run: UnitRun, audited: readonly AuditedTest[], refusal: Refusal | null): void {
  const ran = new Set(audited.map((a) => a.test.uniqueId))
  const because = refusal?.node ?? null
  const name = because === null ? '' : context.request.graph.nodes.get(because)!.name
  const message = because === null ? stopMessage(context.stop.reason) : skipMessage(name)
  for (const id of [...run.unit.tests, ...run.unit.testsAfter])
    if (!ran.has(id)) context.book.skip(context.request.graph.nodes.get(id)!, message, because)
}
