import { createHash } from 'node:crypto'

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

/** A name that fits: the front of one that is too long, and a hash of the whole that keeps two of them apart. */
export function shortName(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const mark = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  return cutBytes(name, maxBytes - mark.length) + mark
}
