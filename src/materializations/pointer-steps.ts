import type { ViewRequest } from '../adapters/replacement.ts'
import type { RelationNode } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { PlanContext } from './plan-input.ts'
import type { Step } from './step.ts'

/**
 * The view that bears the name of a versioned model, over its latest version: made anew each time, because the columns of
 * the version may be others.
 * @param existing what stands under the view's name
 */
export function pointerSteps(node: RelationNode, existing: RelationKind | null, context: PlanContext): readonly Step[] {
  const pointer = node.resourceType === 'model' ? (node.version?.pointer ?? null) : null
  if (pointer === null) return []
  const { dialect, capabilities } = context
  const label = 'point to the latest version'
  const sql = { text: `select * from ${dialect.relation(node.relation)}`, segments: [] }
  const steps: Step[] = []
  if (capabilities.guardedReplace === true) {
    const request: ViewRequest = { target: pointer, sql, existing }
    steps.push({ kind: 'replace-view', label, request })
  } else {
    const drop = existing === null || existing === 'view' ? null : dialect.drop(pointer, existing)
    if (drop !== null) steps.push({ kind: 'statement', label: `drop ${existing}`, sql: { text: drop, segments: [] } })
    steps.push({ kind: 'statement', label, sql: dialect.createView(pointer, sql, { replace: true }) })
  }
  const grants = node.config.grants as { readonly [privilege: string]: readonly string[] }
  if (capabilities.grants === true && Object.keys(grants).length > 0)
    steps.push({ kind: 'apply-grants', label: 'grants', request: { relation: pointer, kind: 'view', grants } })
  return steps
}
