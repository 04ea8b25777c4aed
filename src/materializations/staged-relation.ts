import type { Dialect } from '../adapters/dialect.ts'
import type { NodeRelation } from '../project/resource.ts'
import { stagedName } from '../sql/staged-name.ts'

/**
 * Where the new relation of `target` is built: beside it, in the same schema, under a name of this run.
 * @param suffix eight hex digits of the run
 */
export function stagedRelation(target: NodeRelation, suffix: string, dialect: Dialect): NodeRelation {
  const { database, schema, identifier } = target
  return { database, schema, identifier: stagedName(identifier, suffix, dialect.maxIdentifierBytes) }
}
