import { createHash } from 'node:crypto'

/** What makes an id: the same parts give the same id on every machine and in every run. */
type IdParts = readonly string[]

const digest = (parts: IdParts): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest()

/** 28 characters of `0-9a-z`, as Tableau names data sources and connections. */
export function connectionId(parts: IdParts): string {
  let rest = BigInt(`0x${digest(parts).toString('hex')}`)
  let id = ''
  while (id.length < 28) {
    id += (rest % 36n).toString(36)
    rest /= 36n
  }
  return id
}

/** 32 upper-case hex digits, as Tableau ends the ids of logical tables. */
export function objectId(parts: IdParts): string {
  return digest(parts).toString('hex').slice(0, 32).toUpperCase()
}

/** A UUID in braces and capitals, as `simple-id` has it. */
export function simpleId(parts: IdParts): string {
  const hex = objectId(parts)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16).toUpperCase()
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}}`
}
