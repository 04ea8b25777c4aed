import type { ReplaceRequest, ViewRequest } from '../adapters/replacement.ts'
import type { RelationNode } from '../project/resource.ts'
import type { PlanContext, PlanInput } from './plan-node.ts'
import { rebindText } from './rebind-text.ts'
import { stagedRelation } from './staged-relation.ts'
import type { NodePlan, Step } from './step.ts'
import { isPlainStorage, replaceMethodOf, storageOf } from './table-storage.ts'

type Steps = Pick<NodePlan, 'staged' | 'build' | 'publish' | 'finish' | 'cleanup'>

/**
 * Tables and seeds on an engine whose relations bind by identity. The new rows always stand beside the old ones until
 * they are audited; what locks readers out comes last. Where nothing stands yet, the table is made at its own place.
 * @param make the steps that make a table of the given name
 */
export function planGuardedTable(
  { node, existing }: PlanInput,
  context: PlanContext,
  make: (target: RelationNode['relation']) => readonly Step[],
): Steps {
  const storage = storageOf(node)
  const target = node.relation
  if (context.mode === 'transaction' && existing === null && isPlainStorage(storage))
    return { staged: null, build: [], publish: make(target), finish: [], cleanup: [] }
  const staged = stagedRelation(target, context.suffix, context.dialect)
  const request: ReplaceRequest = { target, staged, existing, kind: 'table', method: replaceMethodOf(node), storage }
  const made: Step[] = [
    ...make(staged),
    {
      kind: 'prepare-replacement',
      label: `prepare ${existing === null ? 'the new table' : 'the replacement'}`,
      request,
    },
  ]
  const finish: Step[] = [{ kind: 'publish-replacement', label: existing === null ? 'rename' : 'replace', request }]
  if (context.mode === 'transaction') return { staged, build: [], publish: made, finish, cleanup: [] }
  return { staged, build: made, publish: [], finish, cleanup: [drop(context, staged, 'table')] }
}

/**
 * Views on such an engine. A view is made under its own name at once when nobody has to be kept from it: when nothing
 * stands there, or nothing is audited before it is published.
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
  if (context.mode === 'transaction' && (existing === null || !context.audited))
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
  const finish = [dropStaged, replaceView({ target, sql: rebindText(body, context.renamings), existing })]
  if (context.mode === 'transaction') return { staged, build: [], publish: make, finish, cleanup: [] }
  return { staged, build: make, publish: [], finish, cleanup: [dropStaged] }
}

function drop({ dialect }: PlanContext, name: RelationNode['relation'], kind: 'table' | 'view'): Step {
  return { kind: 'statement', label: `drop ${kind}`, sql: { text: dialect.drop(name, kind), segments: [] } }
}
