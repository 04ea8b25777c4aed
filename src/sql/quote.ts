/** A delimited identifier of standard SQL, the same on every engine here. The name must not hold NUL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A string constant of standard SQL. Backslashes mean themselves; the text must not hold NUL. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
