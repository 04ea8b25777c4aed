/**
 * Where a redirect leads, when it may be followed with a token in hand: to https, and to the same host, a host below it, or
 * one beside it in a domain of three or more names (`online.tableau.com`). Two names would let `bi.co.uk` lead to `evil.co.uk`.
 */
export function redirectTarget(from: string, location: string | null): URL | undefined {
  if (location === null) return undefined
  let to: URL
  try {
    to = new URL(location, from)
  } catch {
    return undefined
  }
  const before = new URL(from)
  if (to.username !== '' || to.password !== '') return undefined
  if (to.origin === before.origin) return to
  if (to.protocol !== 'https:') return undefined
  return sameFamily(before.hostname, to.hostname) ? to : undefined
}

function sameFamily(host: string, other: string): boolean {
  if (host === other) return true
  if (/^[\d.]+$|^\[/.test(host) || /^[\d.]+$|^\[/.test(other)) return false
  if (host.includes('.') && other.endsWith(`.${host}`)) return true
  const domain = host.split('.').slice(1)
  return domain.length >= 3 && other.split('.').slice(1).join('.') === domain.join('.')
}
