import type { ConstraintSpec } from '../adapters/constraints.ts'
import type { Model, NodeRelation, RelationNode, Seed } from '../project/resource.ts'
import { type CheckedConstraint, constraintsToCheck, keepsConstraints, keptConstraints } from './constraints.ts'
import { contractOf, emptyQuery, inContractOrder } from './contract.ts'
import type { PlanContext, PlanInput } from './plan-input.ts'
import { stagedRelation } from './staged-relation.ts'
import type { Step } from './step.ts'

/** The input with its query in the order of the contract, and what asks whether it keeps it. */
export function contracted(input: PlanInput, context: PlanContext): PlanInput {
  const { node, compiled } = input
  const columns = contractOf(node, context)
  if (columns === null || compiled === null || node.resourceType === 'seed') return input
  const contract: Step = {
    kind: 'check-contract',
    label: 'check contract',
    request: { sql: emptyQuery(compiled.sql), columns },
  }
  return { ...input, contract, compiled: { ...compiled, sql: inContractOrder(compiled.sql, columns, context.dialect) } }
}

/** A seed's columns are known when it is loaded. */
export function loadedContract({ node }: PlanInput, name: NodeRelation, context: PlanContext): readonly Step[] {
  const columns = node.resourceType === 'seed' ? contractOf(node, context) : null
  if (columns === null) return []
  const sql = emptyQuery({ text: `select * from ${context.dialect.relation(name)}`, segments: [] })
  return [{ kind: 'check-contract', label: 'check contract', request: { sql, columns } }]
}

function checksOf(node: RelationNode, context: PlanContext): readonly CheckedConstraint[] {
  return node.resourceType === 'model' || node.resourceType === 'seed' ? constraintsToCheck(node, context) : []
}

/** Asks whether rows fulfil the constraints of their node. */
export function constraintChecks(node: RelationNode, relation: NodeRelation, context: PlanContext): readonly Step[] {
  const constraints = checksOf(node, context)
  if (constraints.length === 0) return []
  return [{ kind: 'check-constraints', label: 'check constraints', request: { relation, constraints } }]
}

/** What a table that was just filled needs on an engine whose tables are given constraints by a statement. */
export function constrained(input: PlanInput, relation: NodeRelation, context: PlanContext): readonly Step[] {
  const { node } = input
  const after = checksOf(node, context).length === 0 ? [] : ensureConstraints(node, relation, context, 'after')
  return [...loadedContract(input, relation, context), ...constraintChecks(node, relation, context), ...after]
}

/** Makes the constraints of a table those that are declared; `incoming` are new rows that enter it between the two. */
export function ensureConstraints(
  node: RelationNode,
  table: NodeRelation,
  context: PlanContext,
  when: 'before' | 'after',
  incoming?: NodeRelation,
): readonly Step[] {
  if ((node.resourceType !== 'model' && node.resourceType !== 'seed') || !keepsConstraints(node)) return []
  const checks = checksOf(node, context)
  const [aside] = asideOf(node, context)
  const request = { table, constraints: keptConstraints(checks), incoming, aside: aside! }
  const label = when === 'before' ? 'drop old constraints' : 'make missing constraints'
  return [{ kind: 'ensure-constraints', label, request, when, checks: { relation: table, constraints: checks } }]
}

/** Where a table stands while it is written anew to be given constraints. */
export function asideOf(node: RelationNode, { suffix, dialect }: PlanContext): readonly NodeRelation[] {
  if ((node.resourceType !== 'model' && node.resourceType !== 'seed') || !keepsConstraints(node)) return []
  const identifier = `${node.relation.identifier}__tsdbt_keys`
  return [stagedRelation({ ...node.relation, identifier }, suffix, dialect)]
}

/** What a replaced table shall keep; undefined without a contract. */
export function requestedConstraints(
  node: Model | Seed | RelationNode,
  context: PlanContext,
): readonly ConstraintSpec[] | undefined {
  if ((node.resourceType !== 'model' && node.resourceType !== 'seed') || !keepsConstraints(node)) return undefined
  return keptConstraints(checksOf(node, context))
}
