import type { Diagnostic } from '../base/diagnostic.ts'
import { printTime, readTime } from '../base/event-time.ts'
import { checkConfigs } from '../materializations/check-configs.ts'
import { unusedFeatures } from '../materializations/check-storage.ts'
import { batchesBeginLate } from '../materializations/errors.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import type { Node } from '../project/resource.ts'
import type { Batching } from './batching.ts'
import type { RunRequest } from './run-request.ts'

/** What is wrong with the configurations of a run's nodes, and what the engine has nothing for. */
export function configProblems({ units, graph, adapter, batching }: RunRequest): readonly Diagnostic[] {
  const ids = units.flatMap((u) => [...u.members, ...u.tests, ...u.testsAfter])
  const nodes = ids.map((id) => graph.nodes.get(id)!)
  return [...checkConfigs(nodes), ...unusedFeatures(nodes, adapter), ...nodes.flatMap((n) => lateBegin(n, batching))]
}

/** A `begin` in the future leaves no batch, unless others were asked for. */
function lateBegin(node: Node, { now, window, given }: Batching): readonly Diagnostic[] {
  if (!isMicrobatch(node) || window !== null || given.has(node.uniqueId)) return []
  const begin = readTime(node.config.begin!)!
  if (begin < now) return []
  return [batchesBeginLate({ begin: printTime(begin), end: printTime(now) }, { span: node.span, node: node.uniqueId })]
}
