import { UserError } from '../base/errors.ts'
import { type Batch, batchesOf, floorTo } from '../base/time-grain.ts'
import type { CompileTime } from '../compile/create-compiler.ts'
import type { Graph } from '../graph/graph.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import type { Batching } from '../runner/batching.ts'
import type { RunOptions } from './options.ts'
import { timeOf } from './read-time-options.ts'
import { badBatches } from './time-errors.ts'

/** Which batches a run builds. A sample without a window of its own bounds them as well, as in dbt. */
export function readBatching(graph: Graph, { now, window, sample }: CompileTime, options: RunOptions): Batching {
  const given = new Map<string, readonly Batch[]>()
  for (const [id, windows] of Object.entries(options.batches ?? {})) given.set(id, givenBatches(graph, id, windows))
  return { now, window: window ?? sample, given, empty: options.empty ?? false }
}

type Windows = NonNullable<RunOptions['batches']>[string]

function givenBatches(graph: Graph, id: string, windows: Windows): readonly Batch[] {
  const node = graph.nodes.get(id)
  if (!isMicrobatch(node) || node.config.batch_size === null)
    throw new UserError(badBatches({ node: id, why: node === undefined ? 'there is no such node' : 'it has none' }))
  const grain = node.config.batch_size
  const batches = windows.flatMap(([from, to]) => {
    const window = { start: timeOf('batches', from), end: timeOf('batches', to) }
    if ([window.start, window.end].some((time) => floorTo(time, grain) !== time) || window.start >= window.end)
      throw new UserError(badBatches({ node: id, why: `\`${from}\` to \`${to}\` is no window of whole ${grain}s` }))
    return batchesOf(window, grain)
  })
  const distinct = new Map(batches.map((batch) => [batch.start, batch]))
  return [...distinct.values()].sort((a, b) => a.start - b.start)
}
