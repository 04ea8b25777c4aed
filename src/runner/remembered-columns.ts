import type { ResultColumn } from '../adapters/adapter.ts'
import type { Introspection } from '../compile/compiler.ts'
import { relationKey } from '../sql/relation.ts'

/** Asks for the columns of a relation once, whichever connection is asked: for inputs that stand while batches run. */
export function rememberedColumns(): { of(introspection: Introspection): Introspection } {
  const known = new Map<string, Promise<readonly ResultColumn[]>>()
  return {
    of: (introspection) => ({
      query: (sql) => introspection.query(sql),
      columnsOf: (relation) => {
        const key = relationKey(relation)
        let columns = known.get(key)
        if (columns === undefined) {
          columns = introspection.columnsOf(relation)
          known.set(key, columns)
          columns.catch(() => known.delete(key))
        }
        return columns
      },
    }),
  }
}
