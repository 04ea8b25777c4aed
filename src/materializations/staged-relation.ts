import { createHash } from 'node:crypto'
import type { Dialect } from '../adapters/dialect.ts'
import type { NodeRelation } from '../project/resource.ts'
import { stagedName } from '../sql/staged-name.ts'

/**
 * Where the new relation of `target` is built: beside it, in the same schema, under a name of this run. Where the engine
 * limits identifiers, the front part is cut and a hash of the whole name keeps two long names apart.
 * @param suffix eight hex digits of the run
 */
export function stagedRelation(target: NodeRelation, suffix: string, dialect: Dialect): NodeRelation {
  const { database, schema, identifier } = target
  const whole = stagedName(identifier, suffix)
  const excess = Buffer.byteLength(whole) - (dialect.maxIdentifierBytes ?? Number.POSITIVE_INFINITY)
  if (excess <= 0) return { database, schema, identifier: whole }
  const mark = `_${createHash('sha256').update(identifier).digest('hex').slice(0, 8)}`
  const front = cutBytes(identifier, Buffer.byteLength(identifier) - excess - mark.length)
  return { database, schema, identifier: stagedName(front + mark, suffix) }
}

/** The longest prefix of whole characters that fits into `bytes` of UTF-8. */
function cutBytes(text: string, bytes: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += Buffer.byteLength(character)
    if (used > bytes) break
    kept += character
  }
  return kept
}
