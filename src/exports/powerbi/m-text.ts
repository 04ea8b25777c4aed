/** A text of Power Query's language M. `#(` begins an escape there. */
export function mText(text: string): string {
  const escaped = text
    .replaceAll('#(', '#(#)(')
    .replaceAll('"', '""')
    .replaceAll('\n', '#(lf)')
    .replaceAll('\r', '#(cr)')
  return `"${escaped}"`
}
