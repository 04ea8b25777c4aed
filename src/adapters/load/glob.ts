const SPECIAL = /[*?[\]{}]/

/** True when a location names files by a pattern and not one file. */
export function isGlob(location: string): boolean {
  return SPECIAL.test(location)
}

function classSource(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^')
  const inner = (negated ? body.slice(1) : body).replaceAll('\\', '\\\\').replaceAll('[', '\\[')
  return `[${negated ? '^/' : ''}${inner}]`
}

function source(pattern: string): string {
  let out = ''
  let depth = 0
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    const close = c === '[' ? pattern.indexOf(']', i + 2) : -1
    if (close > 0) {
      out += classSource(pattern.slice(i + 1, close))
      i = close
    } else if (c === '*') out += '[^/]*'
    else if (c === '?') out += '[^/]'
    else if (c === '{') {
      out += '(?:'
      depth++
    } else if (c === '}' && depth > 0) {
      out += ')'
      depth--
    } else if (c === ',' && depth > 0) out += '|'
    else out += c.replace(/[.+^${}()|[\]\\]/, '\\$&')
  }
  return out + ')'.repeat(depth)
}

/**
 * Matches one part of a path between two `/`: `*`, `?`, `[a-z]`, `[!a-z]` and `{a,b}` without `/`. As in shells, a name
 * that begins with a dot is matched by a pattern that begins with one.
 */
export function segmentMatcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${source(pattern)}$`, 'u')
  const dots = pattern.startsWith('.')
  return (name) => (dots || !name.startsWith('.')) && expression.test(name)
}
