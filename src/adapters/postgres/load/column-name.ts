import { createHash } from 'node:crypto'
import { shortened } from '../replacement/shortened.ts'

const LONGEST = 63
const PLAIN = /^[A-Za-z_][A-Za-z0-9_$]*$/

/**
 * What a column of a file is called. Postgres folds names without quotes to lower case, so that a header `Amount` must be
 * stored as `amount` to be found by the SQL that finds it on engines which ignore case. A name that needs quotes anyway, or
 * that YAML says is quoted, stays as it is. A name that the server would cut gets a hash at its end.
 */
export function columnName(name: string, quote: boolean): string {
  const folded = !quote && PLAIN.test(name) ? name.toLowerCase() : name
  if (Buffer.byteLength(folded) <= LONGEST) return folded
  return shortened(folded, `_${createHash('sha256').update(folded).digest('hex').slice(0, 8)}`)
}
