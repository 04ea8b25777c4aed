import type { Test, UnitTest } from '../project/resource.ts'
import { membersOf } from './run-globals.ts'
import type { RunRequest } from './run-request.ts'
import { storesAs } from './store-failures.ts'

/** The target's own schema first, then those in which this run makes something. */
export function schemasOf(request: RunRequest): readonly { readonly database: string; readonly schema: string }[] {
  const { target, units, graph } = request
  const found = new Map<string, { database: string; schema: string }>()
  const add = ({ database, schema }: { database: string; schema: string }): void => {
    found.set(`${database}\u0000${schema}`, { database, schema })
  }
  const members = membersOf(request)
  if (members.length > 0 || request.operations.length > 0) add(target)
  for (const node of members) {
    add(node.relation)
    if (node.resourceType === 'source') add(node.quarantine)
  }
  for (const id of units.flatMap((u) => [...u.tests, ...u.testsAfter])) {
    const test = graph.nodes.get(id) as Test | UnitTest
    if (test.resourceType === 'test' && storesAs(request, test) !== null) add(test.relation)
  }
  return [...found.values()]
}
