import type { Capabilities } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Model, Seed, Snapshot } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { Comments, Step } from './step.ts'

/** What an engine makes of a materialization. */
export function relationKindOf(materialized: string, capabilities: Capabilities): RelationKind {
  if (materialized === 'view') return 'view'
  return materialized === 'materialized_view' && capabilities.materializedViews === true ? materialized : 'table'
}

/** Rights and comments: behind the hooks, as in dbt, in the transaction that publishes the relation. */
export function lastSteps(
  node: Model | Seed | Snapshot,
  { dialect, capabilities }: { readonly dialect: Dialect; readonly capabilities: Capabilities },
): readonly Step[] {
  const { grants, materialized } = node.config
  const kind = relationKindOf(materialized, capabilities)
  const steps: Step[] = []
  if (capabilities.grants === true && Object.keys(grants).length > 0) {
    const declared = grants as { readonly [privilege: string]: readonly string[] }
    steps.push({ kind: 'apply-grants', label: 'grants', request: { relation: node.relation, kind, grants: declared } })
  }
  const comments = commentsOf(node, kind)
  if (comments !== null && dialect.commentOn !== undefined)
    steps.push({ kind: 'write-comments', label: 'comments', comments })
  return steps
}

/** Null when nothing is to be written. An empty description leaves the comment as it is, as in dbt. */
function commentsOf(
  { relation, config, description, columns }: Model | Seed | Snapshot,
  kind: RelationKind,
): Comments | null {
  const { relation: ofRelation, columns: ofColumns } = config.persist_docs
  const comment = ofRelation === true && description !== '' ? description : null
  const described = ofColumns === true ? columns.filter((column) => column.description !== '') : []
  if (comment === null && described.length === 0) return null
  return { relation, kind, comment, columns: described.map((c) => ({ name: c.name, comment: c.description })) }
}
