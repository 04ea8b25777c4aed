const special = /[*?[]/

export function hasWildcard(pattern: string): boolean {
  return special.test(pattern)
}

/** Translates `[abc]`, `[a-z]`, `[!abc]` that begins at `start`; undefined when the bracket is never closed. */
function characterClass(pattern: string, start: number): { source: string; end: number } | undefined {
  const negated = pattern[start + 1] === '!'
  const first = start + (negated ? 2 : 1)
  const end = pattern.indexOf(']', first + 1)
  if (end === -1) return undefined
  const body = pattern.slice(first, end).replace(/[\\\]^[]/g, '\\$&')
  return { source: `[${negated ? '^' : ''}${body}]`, end }
}

function translate(pattern: string, star: (at: number) => { source: string; end: number }, one: string): string {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    const part = c === '*' ? star(i) : c === '[' ? characterClass(pattern, i) : undefined
    if (part !== undefined) {
      source += part.source
      i = part.end
    } else source += c === '?' ? one : c.replace(/[\\^$.|+(){}[\]*?]/, '\\$&')
  }
  return source
}

/** The shell's wildcards over a whole text: `*` any text, `?` one character, `[abc]` one of them. Case counts. */
export function fnmatch(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern
  const regex = new RegExp(`^${translate(pattern, (at) => ({ source: '.*', end: at }), '.')}$`, 's')
  return (text) => regex.test(text)
}

/**
 * Wildcards over a path with `/`: `*` and `?` stay inside one part, `**` spans parts. `below` also accepts everything in
 * a folder that matches.
 */
export function pathMatcher(pattern: string, below: boolean): (path: string) => boolean {
  if (!hasWildcard(pattern)) return (path) => path === pattern || (below && path.startsWith(`${pattern}/`))
  const star = (at: number) => {
    if (pattern[at + 1] !== '*') return { source: '[^/]*', end: at }
    return pattern[at + 2] === '/' ? { source: '(?:.*/)?', end: at + 2 } : { source: '.*', end: at + 1 }
  }
  const regex = new RegExp(`^${translate(pattern, star, '[^/]')}${below ? '(?:/.*)?' : ''}$`, 's')
  return (path) => regex.test(path)
}
