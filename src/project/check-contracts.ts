import type { Diagnostic } from '../base/diagnostic.ts'
import {
  constraintNotEnforced,
  constraintsWithoutContract,
  contractNeedsSchemaChange,
  contractOfEphemeral,
  contractWithoutColumns,
  contractWithoutType,
  foreignKeyToNothing,
  secondPrimaryKey,
  unknownConstraintColumn,
  unspecificNumeric,
} from './errors.ts'
import type { Column, Constraint, Model, Seed } from './resource.ts'

type Report = (diagnostic: Diagnostic) => void
type Contracted = Model | Seed

/** Contracts that cannot be kept as they are written, told before anything runs. */
export function checkContracts(nodes: readonly Contracted[], reportAll: Report): void {
  const report = oncePerPlace(reportAll)
  const byId = new Map(nodes.map((node) => [node.uniqueId, node]))
  for (const node of nodes) {
    if (!node.config.enabled) continue
    const constraints = constraintsOf(node)
    if (!node.config.contract.enforced) {
      tellUnused(node, constraints, report)
      continue
    }
    if (node.config.materialized === 'ephemeral')
      report(contractOfEphemeral({ node: node.name }, { span: node.span, node: node.uniqueId }))
    checkColumns(node, report)
    if (node.resourceType === 'model') checkSchemaChange(node, report)
    checkConstraints(node, constraints, byId, report)
  }
}

/** What is written once for all versions of a model is told once. */
function oncePerPlace(report: Report): Report {
  const told = new Set<string>()
  return (diagnostic) => {
    const { code, span, message } = diagnostic
    const key = `${code} ${span?.path} ${span?.start} ${message}`
    if (told.has(key)) return
    told.add(key)
    report(diagnostic)
  }
}

/** One constraint with the columns that it is about, wherever it is written. */
export interface PlacedConstraint {
  readonly constraint: Constraint
  readonly columns: readonly string[]
  /** Where it stands: at a column, or at the model. */
  readonly column: Column | null
}

/** All constraints of a node: those of its columns, in their order, then its own. */
export function constraintsOf(node: Pick<Contracted, 'columns' | 'resourceType'>): readonly PlacedConstraint[] {
  const ofColumns = node.columns.flatMap((column) =>
    column.constraints.map((constraint) => ({ constraint, columns: [column.name], column })),
  )
  if (node.resourceType !== 'model') return ofColumns
  const own = (node as Model).constraints.map((constraint) => {
    return { constraint, columns: constraint.columns, column: null }
  })
  return [...ofColumns, ...own]
}

function tellUnused(node: Contracted, constraints: readonly PlacedConstraint[], report: Report): void {
  const [first] = constraints
  if (first === undefined) return
  const place = { span: first.constraint.span, node: node.uniqueId }
  report(constraintsWithoutContract({ node: node.name, count: constraints.length }, place))
}

function checkColumns(node: Contracted, report: Report): void {
  const place = { span: node.span, node: node.uniqueId }
  if (node.columns.length === 0) return report(contractWithoutColumns({ node: node.name }, place))
  for (const { name, dataType, span, typeSpan } of node.columns) {
    if (dataType === null || dataType.trim() === '')
      report(contractWithoutType({ node: node.name, column: name }, { span, node: node.uniqueId }))
    else if (/^\s*(numeric|decimal|dec|number)\s*$/i.test(dataType))
      report(
        unspecificNumeric({ column: name, type: dataType.trim() }, { span: typeSpan ?? span, node: node.uniqueId }),
      )
  }
}

function checkSchemaChange({ name, config, span, uniqueId }: Model, report: Report): void {
  const { materialized, on_schema_change: change } = config
  if (materialized !== 'incremental' || change === 'append_new_columns' || change === 'fail') return
  report(contractNeedsSchemaChange({ node: name, change }, { span, node: uniqueId }))
}

function checkConstraints(
  model: Contracted,
  constraints: readonly PlacedConstraint[],
  byId: ReadonlyMap<string, Contracted>,
  report: Report,
): void {
  const kept = ['table', 'incremental', 'seed'].includes(model.config.materialized)
  const columns = model.columns.map((column) => column.name)
  for (const { constraint } of constraints) {
    const { type, span, to, to_columns: toColumns } = constraint
    const place = { span, node: model.uniqueId }
    if (!kept && constraint.warn_unenforced)
      report(constraintNotEnforced({ type, materialized: model.config.materialized }, place))
    const unknown = missing(constraint.columns, columns)
    for (const column of unknown) report(unknownConstraintColumn({ column, of: model.name, known: columns }, place))
    const target = to === null ? undefined : byId.get(model.foreignTargets?.get(to) ?? '')
    if (kept && target?.config.materialized === 'ephemeral') report(foreignKeyToNothing({ target: target.name }, place))
    // Without a contract the target may have columns that nobody describes.
    if (target?.config.contract.enforced !== true) continue
    const known = target.columns.map((column) => column.name)
    for (const column of missing(toColumns, known))
      report(unknownConstraintColumn({ column, of: target.name, known }, place))
  }
  const [first, second] = constraints.filter(({ constraint }) => constraint.type === 'primary_key')
  if (first === undefined || second === undefined) return
  const labels = [{ span: first.constraint.span, text: 'the first one' }]
  report(secondPrimaryKey({ node: model.name }, { span: second.constraint.span, labels, node: model.uniqueId }))
}

function missing(names: readonly string[], known: readonly string[]): readonly string[] {
  return names.filter((name) => !known.some((k) => k.toLowerCase() === name.toLowerCase()))
}
