import type { Capabilities } from '../adapters/adapter.ts'
import type { ConstraintSpec } from '../adapters/constraints.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Span } from '../base/span.ts'
import { constraintsOf, type PlacedConstraint } from '../project/check-contracts.ts'
import type { Model, NodeRelation, Seed } from '../project/resource.ts'
import { engineName } from './contract.ts'

/** A constraint as it is checked before publishing. */
export interface CheckedConstraint {
  readonly type: string
  readonly name: string | null
  /** As the engine has them. */
  readonly columns: readonly string[]
  /** The condition of a check, the text of a custom one. */
  readonly expression: string | null
  /** What a foreign key refers to, as SQL. */
  readonly target: { readonly relation: string; readonly columns: readonly string[] } | null
  readonly span: Span
}

export interface ConstraintScope {
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  /** Where a node stands that a foreign key refers to; the published relation, or the one that will be. */
  readonly relationOf: (uniqueId: string) => NodeRelation | undefined
}

/** The constraints of a contract whose relation keeps them; none when nothing is enforced. */
export function constraintsToCheck(node: Model | Seed, scope: ConstraintScope): readonly CheckedConstraint[] {
  if (!keepsConstraints(node)) return []
  return constraintsOf(node).map((placed) => checked(node, placed, scope))
}

/** Tables, and what is a table everywhere. */
export function keepsConstraints({ config }: Model | Seed): boolean {
  return config.contract.enforced && ['table', 'incremental', 'seed'].includes(config.materialized)
}

function checked(
  node: Model | Seed,
  { constraint, columns }: PlacedConstraint,
  scope: ConstraintScope,
): CheckedConstraint {
  const ignoresCase = scope.capabilities.ignoresCase === true
  const named = (name: string): string => {
    const column = node.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())
    return engineName(column ?? { name, quote: null }, ignoresCase)
  }
  const { type, name, expression, span } = constraint
  const rowwise = type === 'check' || type === 'custom'
  return {
    type,
    name,
    columns: rowwise ? [] : columns.map(named),
    expression: expression === null || expression.trim() === '' ? null : expression.trim(),
    target: type === 'foreign_key' ? targetOf(node, constraint, scope) : null,
    span,
  }
}

function targetOf(
  node: Model | Seed,
  { to, to_columns: columns, expression }: PlacedConstraint['constraint'],
  { relationOf, dialect, capabilities }: ConstraintScope,
): CheckedConstraint['target'] {
  const id = to === null ? undefined : node.foreignTargets?.get(to)
  const relation = id === undefined ? undefined : relationOf(id)
  const ignoresCase = capabilities.ignoresCase === true
  if (relation !== undefined)
    return {
      relation: dialect.relation(relation),
      columns: columns.map((name) => engineName({ name, quote: null }, ignoresCase)),
    }
  const written = /^\s*(?:references\s+)?(\S[^()]*?)\s*\(([^()]+)\)/i.exec(expression ?? '')
  if (written === null) return null
  return { relation: written[1]!, columns: written[2]!.split(',').map((name) => name.trim()) }
}

/**
 * What the table itself keeps. Foreign keys are left to the check before publishing: an engine would refuse to replace the
 * table that they refer to.
 */
export function keptConstraints(constraints: readonly CheckedConstraint[]): readonly ConstraintSpec[] {
  return constraints.flatMap(({ type, name, columns, expression, span }): ConstraintSpec[] => {
    if (type === 'foreign_key') return []
    return [{ kind: type as ConstraintSpec['kind'], name, columns, expression, span }]
  })
}
