import type { Batch } from '../base/time-grain.ts'
import type { Binding } from '../compile/compiler.ts'
import type { Graph } from '../graph/graph.ts'
import { contractOf, inContractOrder } from '../materializations/contract.ts'
import { planBatches } from '../materializations/plan-batches.ts'
import { type Renaming, rebindText } from '../materializations/rebind-text.ts'
import type { Model } from '../project/resource.ts'
import { BatchProgress } from './batch-progress.ts'
import type { Batching } from './batching.ts'
import { rememberedColumns } from './remembered-columns.ts'
import type { RunContext } from './run-context.ts'

/**
 * The batches that a model has in this run. Raises `UserError` when there is none.
 * @param binding what names mean in its text, whichever batch it is
 * @param renamings staged names that the text may hold
 */
export function openBatches(
  { request }: RunContext,
  model: Model,
  binding: Binding,
  renamings: readonly Renaming[],
): BatchProgress {
  const { compiler, batching, graph, adapter } = request
  const columns = rememberedColumns()
  return new BatchProgress({
    planned: plannedOf(batching, model, binding.incremental),
    narrowed: isNarrowed(graph, model.uniqueId),
    compile: async (batch, { introspection, self, incremental = binding.incremental }) => {
      const asking = columns.of(introspection)
      const compiled = await compiler.compile(model.uniqueId, {
        ...binding,
        batch,
        self,
        incremental,
        introspection: asking,
      })
      compiler.keepBatch(model.uniqueId, batch, rebindText(compiled.sql, renamings).text)
      const contract = contractOf(model, adapter)
      return contract === null
        ? compiled
        : { ...compiled, sql: inContractOrder(compiled.sql, contract, adapter.dialect) }
    },
  })
}

function plannedOf({ now, window, given, empty }: Batching, model: Model, incremental: boolean): readonly Batch[] {
  const asked = given.get(model.uniqueId) ?? []
  const planned = asked.length > 0 ? asked : planBatches(model, { now, window, incremental })
  // Without rows one batch says as much as all of them.
  return empty ? planned.slice(-1) : planned
}

/** True when something that a node reads, itself or through ephemeral models, has an `event_time`. */
function isNarrowed(graph: Graph, id: string): boolean {
  return (graph.parents.get(id) ?? []).some((parent) => {
    const config = graph.nodes.get(parent)?.config
    return config?.event_time != null || (config?.materialized === 'ephemeral' && isNarrowed(graph, parent))
  })
}
