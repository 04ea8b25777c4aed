/** RFC 4180 quoting, only where the cell needs it; null is an empty cell. */
export function delimited(cells: readonly (string | number | bigint | null)[], delimiter = ','): string {
  return cells
    .map((cell) => {
      if (cell === null) return ''
      const text = String(cell)
      if (!text.includes(delimiter) && !/["\r\n]/.test(text)) return text
      return `"${text.replaceAll('"', '""')}"`
    })
    .join(delimiter)
}
