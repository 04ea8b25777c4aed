/** A name of a file for each name, which Windows takes, too, and which no other one has. */
export function fileNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(
    names.map((name) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses them.
      const plain = name.replaceAll(/[<>:"/\\|?*\u0000-\u001f]/g, '_').replace(/[. ]+$/, '_') || '_'
      let free = plain
      for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${plain}_${i}`
      taken.add(free.toLowerCase())
      return [name, free]
    }),
  )
}
