import type { RowStorage } from '../adapters/dialect.ts'
import { InternalError } from '../base/errors.ts'
import type { Model, NodeRelation } from '../project/resource.ts'
import { increment } from './increment.ts'
import type { PlanContext, PlanInput } from './plan-input.ts'
import { stagedRelation } from './staged-relation.ts'
import type { Step } from './step.ts'

/** Where the rows of batches stand until they are in their table. */
export function batchRows({ relation }: Model, { suffix, dialect }: PlanContext): NodeRelation {
  return stagedRelation({ ...relation, identifier: `${relation.identifier}__tsdbt_batches` }, suffix, dialect)
}

/** How the batches of a model are to be built. */
export interface BatchPlace {
  readonly rows: NodeRelation
  /** Their rows are staged before the unit's transaction begins. */
  readonly outside: boolean
  readonly incremental: boolean
}

export interface BatchSteps {
  /** Null for a chain, which is one step. */
  readonly stage: Step | null
  /** Brings rows into the table that stands. */
  readonly apply: Step
  /** Makes the new table, under any name. */
  fill(target: NodeRelation, storage?: RowStorage): Step
}

/**
 * A model that reads `this` is a chain: a batch sees what those before it gave. Otherwise batches know nothing of each
 * other: they are staged at the same time, and what they gave is published in one piece.
 */
export function batchSteps(
  { node, existing, compiled, batches }: PlanInput,
  model: Model,
  context: PlanContext,
  { rows, outside, incremental }: BatchPlace,
): BatchSteps {
  if (batches == null || compiled === null) throw new InternalError(`${node.uniqueId} was planned without its batches`)
  const { planned, narrowed } = batches
  const cut = !narrowed
  const shape = compiled.sql
  const count = `${planned.length} ${planned.length === 1 ? 'batch' : 'batches'}`
  const declared = increment(model, rows)
  const replaces = context.mode === 'transaction' && context.capabilities.replaceTable === true
  const replace = (target: NodeRelation): boolean => replaces && target.identifier === model.relation.identifier
  if (isChain(model)) {
    const chain = (
      target: NodeRelation,
      create: { storage: RowStorage | undefined; replace: boolean } | null,
    ): Step => ({
      kind: 'chain-batches',
      label: `run ${count} one after the other`,
      request: { rows, shape, batches: planned, increment: { ...declared, target }, create, cut },
    })
    const fill = (target: NodeRelation, storage?: RowStorage) => chain(target, { storage, replace: replace(target) })
    return { stage: null, apply: chain(model.relation, null), fill }
  }
  const onFailure = !outside ? 'stop' : incremental || existing === null ? 'go-on' : 'fail'
  const parallel = outside && model.config.concurrent_batches !== false
  return {
    stage: {
      kind: 'stage-batches',
      label: `stage ${count}`,
      request: { rows, shape, batches: planned, parallel, onFailure, cut },
    },
    apply: { kind: 'apply-batches', label: `replace ${count}`, increment: declared },
    fill: (target, storage) => ({
      kind: 'collect-batches',
      label: 'create table',
      request: { rows, target, eventTime: model.config.event_time!, storage, replace: replace(target) },
    }),
  }
}

/** True when batches read those before them, unless the model says that they may run at the same time. */
function isChain({ facts, config }: Model): boolean {
  return facts.usesThis && config.concurrent_batches !== true
}
