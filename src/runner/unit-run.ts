import { originAt } from '../base/source-map.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Binding, Introspection } from '../compile/compiler.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import { nameIsCut } from '../materializations/errors.ts'
import type { PlanContext } from '../materializations/plan-input.ts'
import { changesInPlace, isIncrementalRun, planNode } from '../materializations/plan-node.ts'
import { type Renaming, rebindText } from '../materializations/rebind-text.ts'
import { stagedRelation } from '../materializations/staged-relation.ts'
import type { PublicationMode } from '../materializations/step.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import { hasQuery, isRelationNode } from '../project/relation-of.ts'
import type { BuiltNode, NodeRelation } from '../project/resource.ts'
import { longIdentifiers } from '../sql/long-identifiers.ts'
import type { RelationKind } from '../sql/relation.ts'
import { annotate } from './annotate.ts'
import { materializedViewsOver } from './materialized-views-over.ts'
import { MemberRun } from './member-run.ts'
import { openBatches } from './open-batches.ts'
import { publicationMode } from './publication-mode.ts'
import { fullRefreshOf, type RunContext } from './run-context.ts'
import { type UnitParents, unitParents } from './unit-parents.ts'
import type { Worker } from './worker-pool.ts'

/** A unit at work: its members, how they read each other, and how they are published. */
export interface UnitRun {
  readonly unit: PublicationUnit
  readonly members: readonly MemberRun[]
  readonly parents: ReadonlyMap<string, UnitParents>
  readonly mode: PublicationMode
  /** Where members stand that are built beside their targets; filled as they are built. */
  readonly bound: Map<string, NodeRelation>
}

export function openUnit(context: RunContext, unit: PublicationUnit): UnitRun {
  const { graph, adapter } = context.request
  const ids = new Set(unit.members)
  const nodes = unit.members.map((id) => graph.nodes.get(id) as BuiltNode)
  const parents = new Map(unit.members.map((id) => [id, unitParents(graph, id, ids)]))
  const mode = publicationMode(
    unit,
    {
      changesInPlace: nodes.some((n) =>
        changesInPlace(n, context.catalog.kindOf(n.relation), fullRefreshOf(context.request, n)),
      ),
      hasHooks: nodes.some(hasTransactionHooks),
      readsThroughView: [...parents.values()].some((p) => p.throughView),
      tables: nodes.filter((n) => n.config.materialized !== 'view').length,
      replaces: nodes.some((n) => context.catalog.kindOf(n.relation) !== null),
    },
    adapter.capabilities,
  )
  return { unit, members: nodes.map((n) => new MemberRun(n)), parents, mode, bound: new Map() }
}

function hasTransactionHooks({ config }: BuiltNode): boolean {
  return [...config['pre-hook'], ...config['post-hook']].some((hook) => hook.transaction)
}

/** What names mean while a member or a test of the unit is compiled. */
export function bindingOf(run: UnitRun | null, introspection: Introspection, incremental = false): Binding {
  return { relations: run?.bound ?? new Map(), incremental, introspection }
}

/** Staged names that the text of a node which reads `ids` may hold, and what they will be. */
export function renamingsOf(context: RunContext, ids: readonly string[]): readonly Renaming[] {
  return ids.flatMap((id) => {
    const node = context.request.graph.nodes.get(id)
    if (!isRelationNode(node)) return []
    const staged = stagedRelation(node.relation, context.suffix, context.dialect)
    return [{ from: staged.identifier, to: node.relation.identifier }]
  })
}

/** Compiles a member, on the worker's connection unless told otherwise, and plans it. */
export async function prepareMember(
  context: RunContext,
  worker: Worker,
  run: UnitRun,
  member: MemberRun,
  introspection: Introspection = worker.session,
): Promise<void> {
  const { node } = member
  const { request, catalog } = context
  annotate(context, worker, node)
  const existing = catalog.kindOf(node.relation)
  const open = member.begin(context, worker)
  if (needsCompiling(node)) {
    const incremental = isIncrementalRun(node, existing, fullRefreshOf(request, node))
    const binding = bindingOf(run, introspection, incremental)
    if (isMicrobatch(node))
      member.batches ??= openBatches(
        context,
        node,
        binding,
        renamingsOf(context, [...directOf(run, node), node.uniqueId]),
      )
    const batch = member.batches?.planned.at(-1)
    member.compiled = await open.during('compile', () => request.compiler.compile(node.uniqueId, { ...binding, batch }))
    if (batch !== undefined) request.compiler.keep(member.compiled)
  }
  if (member.compiled !== null) {
    keepPublished(context, run, member.compiled)
    warnOfCuts(context, member, member.compiled)
  }
  member.plan = planNode(
    { node, compiled: member.compiled, existing, batches: member.batches, pointerExisting: pointerKind(context, node) },
    planContext(context, run, node),
  )
}

/** The members of the unit that a member reads. */
function directOf({ parents }: UnitRun, { uniqueId }: BuiltNode): readonly string[] {
  return parents.get(uniqueId)?.direct ?? []
}

function pointerKind({ catalog }: RunContext, node: BuiltNode): RelationKind | null {
  const pointer = node.resourceType === 'model' ? node.version?.pointer : null
  return pointer == null ? null : catalog.kindOf(pointer)
}

/** Tells of names that the engine will not keep as they are written. */
function warnOfCuts({ dialect }: RunContext, member: MemberRun, { sql }: CompiledNode): void {
  const bytes = dialect.maxIdentifierBytes
  if (bytes === undefined) return
  for (const { name, start } of longIdentifiers(sql.text, bytes)) {
    const span = originAt(sql, start)?.span ?? member.node.span
    member.warn(nameIsCut({ name, bytes }, { span, node: member.node.uniqueId }))
  }
}

/** Artifacts show what readers will see, not the names under which it was audited. */
function keepPublished(context: RunContext, run: UnitRun, compiled: CompiledNode): void {
  const renamings = renamingsOf(context, run.parents.get(compiled.uniqueId)?.direct ?? [])
  const sql = rebindText(compiled.sql, renamings)
  if (sql === compiled.sql) return
  const extraCtes = compiled.extraCtes.map((cte) => ({
    ...cte,
    sql: rebindText({ text: cte.sql, segments: [] }, renamings).text,
  }))
  context.request.compiler.keep({ ...compiled, sql, extraCtes })
}

/** Sources have no SQL, and seeds only that of their hooks. */
function needsCompiling(node: BuiltNode): boolean {
  return (
    hasQuery(node) ||
    node.resourceType === 'function' ||
    node.config['pre-hook'].length + node.config['post-hook'].length > 0
  )
}

function planContext(context: RunContext, run: UnitRun, node: BuiltNode): PlanContext {
  const { adapter, partialInput } = context.request
  const fullRefresh = fullRefreshOf(context.request, node)
  const direct = directOf(run, node)
  return {
    mode: run.mode,
    dialect: adapter.dialect,
    capabilities: adapter.capabilities,
    suffix: context.suffix,
    fullRefresh,
    partialInput,
    load: context.load,
    renamings: renamingsOf(context, direct),
    relationOf: (id) => run.bound.get(id) ?? context.request.compiler.relationOf(id),
    audited: run.unit.tests.length > 0,
    readsStaged: direct.some((id) => run.bound.has(id)),
    publishFirst: run.mode === 'transaction' && [...run.parents.values()].some((p) => p.throughView),
    rebuilt:
      adapter.capabilities.materializedViews === true && isRelationNode(node)
        ? materializedViewsOver(context.request.graph, node)
        : [],
    stageOutside: direct.length === 0 && run.parents.get(node.uniqueId)?.throughView !== true,
  }
}
