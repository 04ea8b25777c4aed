/** The column that a configuration names: as it stands there, else without regard to case. */
export function eventTimeColumn<C extends { readonly name: string }>(
  columns: readonly C[],
  name: string,
): C | undefined {
  const folded = name.toLowerCase()
  return columns.find((c) => c.name === name) ?? columns.find((c) => c.name.toLowerCase() === folded)
}
