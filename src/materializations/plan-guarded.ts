import type { RowStorage } from '../adapters/dialect.ts'
import type { ReplaceRequest, ViewRequest } from '../adapters/replacement.ts'
import type { RelationNode } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import { requestedConstraints } from './plan-contract.ts'
import type { PlanContext, PlanInput } from './plan-input.ts'
import { rebindText } from './rebind-text.ts'
import { stagedRelation } from './staged-relation.ts'
import type { MaterializedViewRequest, NodePlan, Step } from './step.ts'
import { isMadeInSteps, replaceMethodOf, storageOf } from './table-storage.ts'

type Steps = Pick<NodePlan, 'staged' | 'build' | 'publish' | 'finish' | 'cleanup'> & Partial<Pick<NodePlan, 'clear'>>

/** How a relation with rows is made. */
export interface Making {
  readonly kind: 'table' | 'materialized_view'
  /** The steps that make one of the given name. */
  make(target: RelationNode['relation'], storage: RowStorage): readonly Step[]
  /**
   * As `make`, over the published relations of its unit: for what goes on reading the relations that its query names.
   * Absent where rows are all that is taken from them.
   */
  makeLast?(target: RelationNode['relation'], storage: RowStorage): readonly Step[]
}

/**
 * Tables, seeds and materialized views on an engine whose relations bind by identity. The new rows always stand beside the
 * old ones until they are audited; what locks readers out comes last. Where nothing stands yet, the relation is made at
 * its own place.
 */
export function planGuarded(input: PlanInput, context: PlanContext, making: Making): Steps {
  const { node, existing } = input
  const { kind, make } = making
  const storage = storageOf(node)
  const target = node.relation
  const constraints = kind === 'table' ? requestedConstraints(node, context) : undefined
  if (context.mode === 'transaction' && existing === null && !isMadeInSteps(node, storage) && constraints === undefined)
    return { staged: null, build: [], publish: make(target, storage), finish: [], cleanup: [] }
  const staged = stagedRelation(target, context.suffix, context.dialect)
  const { rebuilt } = context
  const method = replaceMethodOf(node)
  const request: ReplaceRequest = { target, staged, existing, kind, method, storage, constraints, rebuilt }
  const partitioned = kind === 'table' && storage.partitionBy !== null
  const rows = partitioned ? looseRows(node, context) : null
  const prepare: Step = {
    kind: 'prepare-replacement',
    label: `prepare ${existing === null ? `the new ${WORDS[kind]}` : 'the replacement'}`,
    request,
  }
  const again = movesUnder(context) ? making.makeLast?.(staged, storage) : undefined
  const made = rows === null ? make(staged, storage) : partitionSteps(rows, request, context, make)
  const first = again === undefined ? [...made, prepare] : made
  const clear = again === undefined ? [] : [drop(context, staged, kind)]
  const finish: Step[] = [
    ...(again === undefined ? [] : [...again, prepare]),
    ...(partitioned && existing !== null ? [growInPlace(request)] : []),
    { kind: 'publish-replacement', label: existing === null ? 'rename' : 'replace', request },
    ...(partitioned ? [{ kind: 'name-partitions', label: 'name the partitions' } as const] : []),
  ]
  const aside = context.mode === 'staged' || (partitioned && standsAlone(input, context))
  if (!aside) return { staged, build: [], publish: first, clear, finish, cleanup: [] }
  const cleanup = [drop(context, staged, kind), ...(rows === null ? [] : [drop(context, rows, 'table')])]
  return { staged, build: first, publish: [], clear, finish, cleanup }
}

/** True when nothing that the unit's transaction does comes before: many partitions would take many locks in it. */
function standsAlone({ compiled }: PlanInput, { stageOutside }: PlanContext): boolean {
  return stageOutside && compiled?.preHooks.some((hook) => hook.transaction) !== true
}

/** Rows that enter a table where it stands find partitions there, or the default one holds them. */
function growInPlace({ target, staged, storage }: ReplaceRequest): Step {
  return {
    kind: 'grow-partitions',
    label: 'make missing partitions if it is in place',
    request: { table: target, rows: staged, storage, partitionBy: storage.partitionBy! },
    when: 'in-place',
  }
}

/** True when the query names relations that are moved or dropped when the unit is published. */
function movesUnder({ readsStaged, publishFirst }: PlanContext): boolean {
  return readsStaged && !publishFirst
}

const WORDS = { table: 'table', materialized_view: 'materialized view' } as const

/** Where rows stand that are not in their partitions yet. */
function looseRows(node: RelationNode, { suffix, dialect }: PlanContext): RelationNode['relation'] {
  return stagedRelation({ ...node.relation, identifier: `${node.relation.identifier}__tsdbt_rows` }, suffix, dialect)
}

/**
 * Which partitions there are follows from the rows, so these are made first, in a plain table that is not logged, and
 * written again into their partitions.
 */
function partitionSteps(
  rows: RelationNode['relation'],
  { staged, target, storage }: ReplaceRequest,
  context: PlanContext,
  make: Making['make'],
): readonly Step[] {
  const request = { rows, target: staged, published: target, storage, partitionBy: storage.partitionBy! }
  return [
    ...make(rows, { unlogged: true, fillfactor: null, tablespace: storage.tablespace }),
    { kind: 'fill-partitions', label: 'fill the partitions', request },
    drop(context, rows, 'table'),
  ]
}

/**
 * A materialized view that stands. Whether it is refreshed or made anew is decided when its new definition can be compared
 * with the old one; both happen inside the transaction of the unit.
 */
export function planMaterializedView(
  { node, existing, compiled }: PlanInput,
  context: PlanContext,
  headed: (step: Step) => readonly Step[],
): Steps {
  const { renamings } = context
  const staged = stagedRelation(node.relation, context.suffix, context.dialect)
  const request: MaterializedViewRequest = {
    target: node.relation,
    staged,
    existing,
    kind: 'materialized_view',
    method: 'swap',
    storage: storageOf(node),
    sql: compiled!.sql,
    renamings,
    forAudit: movesUnder(context),
    onChange: node.config.on_configuration_change,
  }
  const stage = (of: MaterializedViewRequest): readonly Step[] =>
    headed({ kind: 'stage-materialized-view', label: 'refresh materialized view', request: of })
  const last = { ...request, sql: rebindText(request.sql, renamings), renamings: [], forAudit: false }
  return {
    staged,
    build: [],
    publish: stage(request),
    clear: request.forAudit ? [drop(context, staged, 'materialized_view')] : [],
    finish: [
      ...(request.forAudit ? stage(last) : []),
      { kind: 'publish-replacement', label: 'replace if it was made anew', request },
    ],
    cleanup: [],
  }
}

/**
 * Views on such an engine. A view is made under its own name at once when nobody has to be kept from it (nothing stands
 * there, or nothing is audited before it is published) and what it reads stays what it is.
 */
export function planGuardedView(
  { node, existing, compiled }: PlanInput,
  context: PlanContext,
  headed: (step: Step) => readonly Step[],
): Steps {
  const { dialect } = context
  const target = node.relation
  const body = compiled!.sql
  const replaceView = (request: ViewRequest): Step => ({ kind: 'replace-view', label: 'create view', request })
  const isFree = (existing === null || !context.audited) && !context.readsStaged
  if (context.mode === 'transaction' && (isFree || context.publishFirst))
    return {
      staged: null,
      build: [],
      publish: headed(replaceView({ target, sql: body, existing })),
      finish: [],
      cleanup: [],
    }
  const staged = stagedRelation(target, context.suffix, dialect)
  const make = headed({ kind: 'statement', label: 'create view', sql: dialect.createView(staged, body) })
  const dropStaged = drop(context, staged, 'view')
  const clear = [dropStaged]
  const finish = [replaceView({ target, sql: rebindText(body, context.renamings), existing })]
  if (context.mode === 'transaction') return { staged, build: [], publish: make, clear, finish, cleanup: [] }
  return { staged, build: make, publish: [], clear, finish, cleanup: [dropStaged] }
}

function drop({ dialect }: PlanContext, name: RelationNode['relation'], kind: RelationKind): Step {
  return {
    kind: 'statement',
    label: `drop ${kind.replace('_', ' ')}`,
    sql: { text: dialect.drop(name, kind), segments: [] },
  }
}
