import type { RowStorage } from '../adapters/dialect.ts'
import { InternalError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import type { BuiltNode, Model, NodeRelation, RelationNode, Seed, Snapshot } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import { type BatchSteps, batchRows, batchSteps } from './batch-steps.ts'
import { increment } from './increment.ts'
import { lastSteps } from './last-steps.ts'
import { loadRequest } from './load-request.ts'
import {
  asideOf,
  constrained,
  constraintChecks,
  contracted,
  ensureConstraints,
  loadedContract,
} from './plan-contract.ts'
import { planFunction } from './plan-function.ts'
import { type Making, planGuarded, planGuardedView, planMaterializedView } from './plan-guarded.ts'
import type { BuiltInput, PlanContext, PlanInput } from './plan-input.ts'
import { snapshotRequest } from './plan-snapshot.ts'
import { pointerSteps } from './pointer-steps.ts'
import { rebindText } from './rebind-text.ts'
import { seedRequest } from './seed-request.ts'
import { stagedRelation } from './staged-relation.ts'
import type { NodePlan, Step } from './step.ts'
import { storageOf } from './table-storage.ts'

/** `full_refresh` of the node wins over the flag, as in dbt: `false` protects a large table. */
function refreshesFully(node: BuiltNode, flag: boolean): boolean {
  return node.config.full_refresh ?? flag
}

/** dbt's `is_incremental()`: an incremental model whose table exists and which is not built anew. */
export function isIncrementalRun(node: BuiltNode, existing: RelationKind | null, fullRefresh: boolean): boolean {
  return node.config.materialized === 'incremental' && existing === 'table' && !refreshesFully(node, fullRefresh)
}

/** True when rows of the published relation are changed where they are, or a function is replaced. */
export function changesInPlace(node: BuiltNode, existing: RelationKind | null, fullRefresh: boolean): boolean {
  const refreshed = node.config.materialized === 'materialized_view' && existing === 'materialized_view'
  if (refreshed && !refreshesFully(node, fullRefresh)) return true
  if (node.resourceType === 'snapshot') return existing === 'table'
  const { resourceType } = node
  return resourceType === 'source' || resourceType === 'function' || isIncrementalRun(node, existing, fullRefresh)
}

/** Turns a node and what exists into steps. Pure: asks no database. */
export function planNode(built: BuiltInput, context: PlanContext): NodePlan {
  const { node } = built
  if (node.resourceType === 'function') return planFunction(node, compiledOf(built), context)
  const given: PlanInput = { ...built, node }
  if (node.resourceType === 'source') return planSource(given, context)
  const input = contracted(given, context)
  const plan = hooked(input, planRelation(input, context))
  const last = [...pointerSteps(node, given.pointerExisting ?? null, context), ...lastSteps(node, context)]
  return plan.finish.length > 0 && !context.publishFirst
    ? { ...plan, finish: [...plan.finish, ...last] }
    : { ...plan, publish: [...plan.publish, ...plan.finish, ...last], finish: [] }
}

function planRelation(input: PlanInput, context: PlanContext): NodePlan {
  const { node } = input
  if (node.resourceType === 'seed') return planFilled(input, context, (target) => seedStep(node, target))
  if (node.resourceType === 'snapshot') return planSnapshot(input, node, context)
  if (node.resourceType !== 'model') throw new InternalError(`no plan for a ${node.resourceType}`)
  switch (node.config.materialized) {
    case 'view':
      return planView(input, node, context)
    case 'table':
      return planTable(input, node, context)
    case 'incremental':
      if (isMicrobatch(node)) return planMicrobatch(input, node, context)
      return isIncrementalRun(node, input.existing, context.fullRefresh)
        ? planIncrement(input, node, context)
        : planTable(input, node, context)
    case 'materialized_view':
      if (context.capabilities.materializedViews !== true) return planTable(input, node, context)
      return planMaterialized(input, node, context)
    default:
      throw new InternalError(`no relation is made by \`${node.config.materialized}\` (${node.uniqueId})`)
  }
}

function planTable(input: PlanInput, node: Model, context: PlanContext): NodePlan {
  const body = compiledOf(input).sql
  const inOneStep = context.mode === 'transaction' && context.capabilities.replaceTable === true
  return planFilled(input, context, (target, storage) => ({
    kind: 'statement',
    label: 'create table',
    sql: context.dialect.createTableAs(target, body, {
      replace: inOneStep && sameName(target, node.relation),
      ...(storage === undefined ? {} : { storage }),
    }),
  }))
}

function planMaterialized(input: PlanInput, node: Model, context: PlanContext): NodePlan {
  const { dialect } = context
  const body = compiledOf(input).sql
  if (changesInPlace(node, input.existing, context.fullRefresh)) {
    const steps = planMaterializedView(input, context, (step) => headed(input, step))
    return { ...blank(node), inPlace: true, ...steps }
  }
  const create =
    (sql: MappedText): Making['make'] =>
    (target, storage) =>
      headed(input, {
        kind: 'statement',
        label: 'create materialized view',
        sql: dialect.createMaterializedView!(target, sql, { storage }),
      })
  const makeLast = create(rebindText(body, context.renamings))
  return { ...blank(node), ...planGuarded(input, context, { kind: 'materialized_view', make: create(body), makeLast }) }
}

/** A history is made once. From then on its changes are staged, and applied to it within the unit's transaction. */
function planSnapshot(input: PlanInput, node: Snapshot, context: PlanContext): NodePlan {
  const request = snapshotRequest(input, node, context)
  if (!changesInPlace(node, input.existing, context.fullRefresh)) {
    const inOneStep = context.mode === 'transaction' && context.capabilities.replaceTable === true
    return planFilled(input, context, (target, storage) => {
      const replace = inOneStep && sameName(target, node.relation)
      const options = storage === undefined ? { replace } : { replace, storage }
      return { kind: 'build-snapshot', label: 'create table', target, options, request }
    })
  }
  const staged = stagedRelation(node.relation, context.suffix, context.dialect)
  const stage = headed(input, { kind: 'stage-snapshot', label: 'stage changes', staged, request })
  const apply: Step = { kind: 'apply-snapshot', label: 'apply changes', uniqueId: node.uniqueId }
  return inPlacePlan(input, context, { staged, stage, apply, columnsCome: true })
}

/** Tables and seeds: made at their own place where the engine replaces tables in a transaction, else beside it. */
function planFilled(
  input: PlanInput,
  context: PlanContext,
  fill: (target: RelationNode['relation'], storage?: RowStorage) => Step,
): NodePlan {
  const { node, existing } = input
  const target = node.relation
  const { dialect } = context
  if (context.capabilities.guardedReplace === true) {
    const make: Making['make'] = (name, storage) => [
      ...headed(input, fill(name, storage)),
      ...loadedContract(input, name, context),
      ...constraintChecks(node, name, context),
    ]
    return { ...blank(node), ...planGuarded(input, context, { kind: 'table', make }) }
  }
  const dropOld = existing === null ? [] : [statement(`drop ${existing}`, dialect.drop(target, existing))]
  const inOneStep = context.mode === 'transaction' && context.capabilities.replaceTable === true
  if (inOneStep) {
    // A seed is filled into a new table; a model's `create or replace` needs the way free of a view only.
    const drops = node.resourceType === 'seed' || existing === 'view' ? dropOld : []
    const made = [...headed(input, fill(target)), ...constrained(input, target, context)]
    return { ...blank(node), publish: [...drops, ...made] }
  }
  const staged = stagedRelation(target, context.suffix, dialect)
  const make = [...headed(input, fill(staged)), ...constrained(input, staged, context)]
  const swap = [...dropOld, statement('rename', dialect.rename(staged, target.identifier, 'table'))]
  if (context.mode === 'transaction') return { ...blank(node), staged, publish: [...make, ...swap] }
  const cleanup = [staged, ...asideOf(node, context)].map((name) =>
    statement('drop table', dialect.drop(name, 'table')),
  )
  return { ...blank(node), staged, build: make, publish: swap, cleanup }
}

function planView(input: PlanInput, node: Model, context: PlanContext): NodePlan {
  const { dialect } = context
  const body = compiledOf(input).sql
  if (context.capabilities.guardedReplace === true)
    return { ...blank(node), ...planGuardedView(input, context, (step) => headed(input, step)) }
  const target = node.relation
  const dropTable = input.existing === 'table' ? [statement('drop table', dialect.drop(target, 'table'))] : []
  const view = (name: typeof target, text: MappedText, replace: boolean): Step => ({
    kind: 'statement',
    label: 'create view',
    sql: dialect.createView(name, text, { replace }),
  })
  if (context.mode === 'transaction')
    return { ...blank(node), publish: [...dropTable, ...headed(input, view(target, body, true))] }
  const staged = stagedRelation(target, context.suffix, dialect)
  const dropStaged = statement('drop view', dialect.drop(staged, 'view'))
  return {
    ...blank(node),
    staged,
    build: headed(input, view(staged, body, false)),
    publish: [dropStaged, ...dropTable, view(target, rebindText(body, context.renamings), true)],
    cleanup: [dropStaged],
  }
}

function planIncrement(input: PlanInput, node: Model, context: PlanContext): NodePlan {
  const { dialect } = context
  const staged = stagedRelation(node.relation, context.suffix, dialect)
  const make = headed(input, {
    kind: 'statement',
    label: 'stage rows',
    sql: dialect.createTableAs(staged, compiledOf(input).sql),
  })
  const apply: Step = { kind: 'apply-increment', label: 'apply rows', increment: increment(node, staged) }
  return inPlacePlan(input, context, { staged, stage: make, apply, columnsCome: addsColumns(node) })
}

/** How rows enter a table that stands. */
interface InPlaceWork {
  readonly staged: RelationNode['relation']
  readonly stage: readonly Step[]
  readonly apply: Step
  /** True when the table may get new columns with them. */
  readonly columnsCome: boolean
}

function inPlacePlan(
  input: PlanInput,
  context: PlanContext,
  { staged, stage, apply, columnsCome }: InPlaceWork,
): NodePlan {
  const { node } = input
  const dropStaged = statement('drop table', context.dialect.drop(staged, 'table'))
  const outside = context.stageOutside && !compiledOf(input).preHooks.some((hook) => hook.transaction)
  const checks = constraintChecks(node, staged, context)
  const storage = storageSteps(node, staged, context, { inTransaction: !outside, columnsCome })
  const ready = [...stage, ...checks, ...storage]
  const late = { inTransaction: true, columnsCome: false }
  const ensure = (when: 'before' | 'after') => ensureConstraints(node, node.relation, context, when, staged)
  const indexes = columnsCome ? indexSteps(node, context, late) : []
  const applied = [...ensure('before'), apply, ...indexes, ...ensure('after'), dropStaged]
  return {
    ...blank(node),
    inPlace: true,
    staged,
    build: outside ? ready : [],
    publish: outside ? applied : [...ready, ...applied],
    cleanup: outside ? [dropStaged] : [],
  }
}

/** Batches are staged beside the table. A new one is made of their rows; in one that stands they replace their windows. */
function planMicrobatch(input: PlanInput, node: Model, context: PlanContext): NodePlan {
  const incremental = isIncrementalRun(node, input.existing, context.fullRefresh)
  const outside = context.stageOutside && !compiledOf(input).preHooks.some((hook) => hook.transaction)
  const rows = batchRows(node, context)
  const steps = batchSteps(input, node, context, { rows, outside, incremental })
  if (!incremental) return planFirstBatches(input, context, { rows, outside, steps })
  if (steps.stage === null) return planChain(input, node, context, { rows, outside, chain: steps.apply })
  const stage = headed(input, steps.stage)
  return inPlacePlan(input, context, { staged: rows, stage, apply: steps.apply, columnsCome: addsColumns(node) })
}

function planFirstBatches(
  input: PlanInput,
  context: PlanContext,
  { rows, outside, steps }: { rows: NodeRelation; outside: boolean; steps: BatchSteps },
): NodePlan {
  const dropRows = statement('drop table', context.dialect.drop(rows, 'table'))
  if (steps.stage === null) {
    const chained = planFilled(input, context, steps.fill)
    return { ...chained, cleanup: outside ? [...chained.cleanup, dropRows] : chained.cleanup }
  }
  // What reads the model's query is the staging: the table is made of its rows.
  const headless = { ...input, contract: undefined, compiled: { ...compiledOf(input), sqlHeader: null } }
  const filled = planFilled(headless, context, steps.fill)
  const stage = headed(input, steps.stage)
  const { build, publish, cleanup } = filled
  if (!outside) return { ...filled, publish: [...stage, ...publish, dropRows] }
  return { ...filled, build: [...stage, ...build], publish: [...publish, dropRows], cleanup: [...cleanup, dropRows] }
}

/** A chain has its rows only while it runs, so it finds the partitions that are there, and its table is asked about constraints. */
function planChain(
  input: PlanInput,
  node: Model,
  context: PlanContext,
  { rows, outside, chain }: { rows: NodeRelation; outside: boolean; chain: Step },
): NodePlan {
  const columnsCome = addsColumns(node)
  const ready = indexSteps(node, context, { inTransaction: !outside, columnsCome })
  const ensure = (when: 'before' | 'after') => ensureConstraints(node, node.relation, context, when)
  const late = columnsCome ? indexSteps(node, context, { inTransaction: true, columnsCome: false }) : []
  const checks = constraintChecks(node, node.relation, context)
  const applied = [...ensure('before'), ...headed(input, chain), ...late, ...checks, ...ensure('after')]
  return {
    ...blank(node),
    inPlace: true,
    staged: rows,
    build: outside ? ready : [],
    publish: outside ? applied : [...ready, ...applied],
  }
}

/**
 * What a table needs before new rows enter it. Outside the transaction where possible: indexes that are being made keep
 * other writers away, and a new partition keeps readers away until its transaction ends.
 */
function storageSteps(
  node: RelationNode,
  rows: RelationNode['relation'],
  context: PlanContext,
  moment: IndexMoment,
): readonly Step[] {
  const storage = storageOf(node)
  const { partitionBy } = storage
  const table = node.relation
  if (context.capabilities.tableStorage !== true) return []
  const when = moment.inTransaction ? 'in-transaction' : 'outside'
  const growth = partitionBy === null ? null : { table, rows, storage, partitionBy }
  return [
    ...(growth === null
      ? []
      : [{ kind: 'grow-partitions', label: 'make missing partitions', request: growth, when } as const]),
    ...indexSteps(node, context, moment),
  ]
}

interface IndexMoment {
  /** The step belongs to the unit's transaction. */
  readonly inTransaction: boolean
  /** A later step makes the indexes on columns that the table gets first. */
  readonly columnsCome: boolean
}

function indexSteps(
  node: RelationNode,
  { capabilities }: PlanContext,
  { inTransaction, columnsCome }: IndexMoment,
): readonly Step[] {
  const { indexes } = storageOf(node)
  if (indexes.length === 0 || capabilities.tableStorage !== true) return []
  const label = 'make missing indexes'
  const step: Step = { kind: 'ensure-indexes', label, table: node.relation, indexes, inTransaction, columnsCome }
  return [step]
}

function addsColumns({ config }: Model): boolean {
  return config.on_schema_change === 'append_new_columns' || config.on_schema_change === 'sync_all_columns'
}

function planSource({ node }: PlanInput, context: PlanContext): NodePlan {
  if (node.resourceType !== 'source' || node.files === null)
    throw new InternalError(`${node.uniqueId} has no files to load`)
  const request = loadRequest(node, node.files, context.load, refreshesFully(node, context.fullRefresh))
  return {
    ...blank(node),
    materialized: 'source',
    inPlace: true,
    build: [{ kind: 'stage-load', label: 'read files', request }],
    publish: [{ kind: 'publish-load', label: 'publish rows', uniqueId: node.uniqueId }],
  }
}

function seedStep(node: Seed, target: RelationNode['relation']): Step {
  return { kind: 'load-seed', label: 'load seed', request: seedRequest(node, target) }
}

function blank(node: RelationNode): NodePlan {
  const { uniqueId, config } = node
  return {
    uniqueId,
    materialized: config.materialized,
    inPlace: false,
    staged: null,
    build: [],
    publish: [],
    clear: [],
    finish: [],
    after: [],
    cleanup: [],
  }
}

function compiledOf({ node, compiled }: BuiltInput): CompiledNode {
  if (compiled === null) throw new InternalError(`${node.uniqueId} was planned before it was compiled`)
  return compiled
}

function sameName(a: RelationNode['relation'], b: RelationNode['relation']): boolean {
  return a.identifier === b.identifier
}

function statement(label: string, text: string): Step {
  return { kind: 'statement', label, sql: { text, segments: [] } }
}

/** The node's `sql_header` goes directly before the statement that reads the model's SQL. */
function headed({ compiled, contract }: PlanInput, step: Step): Step[] {
  const header = compiled?.sqlHeader ?? null
  const check: Step[] = contract === undefined ? [] : [contract]
  const made = [...check, step]
  return header === null ? made : [{ kind: 'statement', label: 'sql header', sql: header }, ...made]
}

/** Adds the hooks in dbt's order: outside before, inside before, the node, inside after, outside after. */
function hooked({ compiled }: PlanInput, plan: NodePlan): NodePlan {
  if (compiled === null || compiled.preHooks.length + compiled.postHooks.length === 0) return plan
  const steps = (hooks: CompiledNode['preHooks'], label: string, transaction: boolean): Step[] =>
    hooks.filter((h) => h.transaction === transaction).map((h) => ({ kind: 'statement', label, sql: h.sql }))
  const inside = steps(compiled.postHooks, 'post-hook', true)
  const late = plan.finish.length > 0
  return {
    ...plan,
    build: [...steps(compiled.preHooks, 'pre-hook', false), ...plan.build],
    publish: [...steps(compiled.preHooks, 'pre-hook', true), ...plan.publish, ...(late ? [] : inside)],
    finish: late ? [...plan.finish, ...inside] : [],
    after: steps(compiled.postHooks, 'post-hook', false),
  }
}
