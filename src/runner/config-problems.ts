import type { Diagnostic } from '../base/diagnostic.ts'
import { checkConfigs } from '../materializations/check-configs.ts'
import { unusedFeatures } from '../materializations/check-storage.ts'
import type { RunRequest } from './run-request.ts'

/** What is wrong with the configurations of a run's nodes, and what the engine has nothing for. */
export function configProblems({ units, graph, adapter }: RunRequest): readonly Diagnostic[] {
  const ids = units.flatMap((u) => [...u.members, ...u.tests, ...u.testsAfter])
  const nodes = ids.map((id) => graph.nodes.get(id)!)
  return [...checkConfigs(nodes), ...unusedFeatures(nodes, adapter)]
}
