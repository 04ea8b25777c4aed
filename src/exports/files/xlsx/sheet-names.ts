const LONGEST = 31

/** Names that Excel accepts for sheets: at most 31 characters, none of `[]:*?/\`, different from each other without regard to case. */
export function sheetNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const plain = allowed(name)
    let unique = plain.slice(0, LONGEST)
    for (let n = 2; taken.has(unique.toLowerCase()); n++) {
      const suffix = ` (${n})`
      unique = plain.slice(0, LONGEST - suffix.length) + suffix
    }
    taken.add(unique.toLowerCase())
    return unique
  })
}

function allowed(name: string): string {
  const plain = name.replace(/[[\]:*?/\\]|\p{Cc}/gu, '_').replace(/^'+|'+$/g, '')
  // Excel keeps this name for itself.
  if (plain.toLowerCase() === 'history') return `${plain}_`
  return plain === '' ? 'Sheet' : plain
}
