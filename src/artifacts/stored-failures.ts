import type { Test } from '../project/resource.ts'

/** What `store_failures` says in short; null where the command line decides. */
export function storedAs({ config }: Test): string | null {
  const { store_failures, store_failures_as } = config
  if (store_failures_as !== null || store_failures === null) return store_failures_as
  return store_failures ? 'table' : 'ephemeral'
}

/** Whether the test's own configuration keeps its bad rows in a relation. */
export function storesFailures(test: Test): boolean {
  const kind = storedAs(test)
  return kind !== null && kind !== 'ephemeral'
}
