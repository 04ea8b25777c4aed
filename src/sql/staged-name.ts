import { createHash } from 'node:crypto'

const STAGED = /__tsdbt_[0-9a-f]{8}$/

/**
 * The name of a relation while it is being built; `runId` has eight hex digits. Where the engine limits identifiers, the
 * front part is cut and a hash of the whole name keeps two long names apart.
 */
export function stagedName(identifier: string, runId: string, maxBytes = Number.POSITIVE_INFINITY): string {
  const suffix = `__tsdbt_${runId}`
  const excess = Buffer.byteLength(identifier + suffix) - maxBytes
  if (excess <= 0) return identifier + suffix
  const mark = `_${createHash('sha256').update(identifier).digest('hex').slice(0, 8)}`
  return cutBytes(identifier, Buffer.byteLength(identifier) - excess - mark.length) + mark + suffix
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

/** True for names that only a run makes, and that no run leaves behind on purpose. */
export function isStagedName(identifier: string): boolean {
  return STAGED.test(identifier)
}
