/** What a field goes by. */
export interface NamedField {
  readonly name: string
  readonly caption: string
}

/**
 * The field that a name means: its internal name before its caption, the same letters before others that differ in case
 * only. `exact`: the internal name, letter by letter.
 */
export function findField<F extends NamedField>(
  fields: readonly F[],
  name: string,
): { readonly field: F; readonly exact: boolean } | undefined {
  const lower = name.toLowerCase()
  const exact = fields.find((field) => field.name === name)
  if (exact !== undefined) return { field: exact, exact: true }
  const field =
    fields.find((f) => f.caption === name) ??
    fields.find((f) => f.name.toLowerCase() === lower) ??
    fields.find((f) => f.caption.toLowerCase() === lower)
  return field === undefined ? undefined : { field, exact: false }
}
