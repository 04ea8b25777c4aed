import { createHash } from 'node:crypto'

const LONGEST = 63

/** `text` and `tail`, the text cut so that both fit into an identifier. The tail is ASCII. */
export function shortened(text: string, tail: string): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > LONGEST - tail.length) break
    kept += character
  }
  return kept + tail
}

/**
 * A name for something of a staged relation that bears its final name only when the old one is gone. Always the same for
 * the same thing, so that work which was begun is recognised.
 */
export function temporaryName(staged: string, final: string): string {
  return `tsdbt_${createHash('sha256').update(`${staged}\u0000${final}`).digest('hex').slice(0, 24)}`
}

/** Where an old relation stays for readers that are made again later; a later run takes it for a stray and drops it. */
export function leftName(name: string, oid: number): string {
  return shortened(name, `__tsdbt_${createHash('sha256').update(String(oid)).digest('hex').slice(0, 8)}`)
}

/** Where a relation stands while its successor has its name; never seen outside the transaction. */
export function asideName(oid: number): string {
  return `tsdbt_aside_${oid}`
}
