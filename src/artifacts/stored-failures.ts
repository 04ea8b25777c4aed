import type { Test } from '../project/resource.ts'

/** What `store_failures` says in short; null where the command line decides. */
export function storedAs({ config }: Test): string | null {
  const { store_failures, store_failures_as } = config
  if (store_failures_as !== null || store_failures === null) return store_failures_as
  return store_failures ? 'table' : 'ephemeral'
}

/** Whether the bad rows of a test are kept in a relation. `otherwise` is what the command line says. */
export function storesFailures(test: Test, otherwise = false): boolean {
  const kind = storedAs(test)
  return kind === null ? otherwise : kind !== 'ephemeral'
}
