/** A cell of a CSV text: null when nothing stands there; `""` is an empty text. Offsets are UTF-16 units of the text. */
export interface CsvCell {
  readonly value: string | null
  readonly start: number
  readonly end: number
}

export interface CsvRecord {
  readonly cells: readonly CsvCell[]
  readonly start: number
  readonly end: number
}

export interface CsvTable {
  readonly records: readonly CsvRecord[]
  /** Where a quote opens that is never closed. */
  readonly unclosed: number | null
}

const quoted = /"(?:[^"]|"")*"/y
const plain = /[^,\r\n]*/y

/** Reads the few lines of a fixture: comma, double quotes, line breaks within quotes. Blank lines are no records. */
export function parseFixtureCsv(text: string): CsvTable {
  const records: CsvRecord[] = []
  let at = 0
  while (at < text.length) {
    const start = at
    const cells: CsvCell[] = []
    for (;;) {
      const cell = readCell(text, at)
      if (cell === undefined) return { records, unclosed: text.indexOf('"', at) }
      cells.push(cell)
      at = cell.end
      if (text[at] !== ',') break
      at++
    }
    if (cells.length > 1 || cells[0]!.value !== null) records.push({ cells, start, end: at })
    if (text[at] === '\r') at++
    if (text[at] === '\n') at++
  }
  return { records, unclosed: null }
}

/** Blanks around a cell do not count, as fixtures are often laid out as a table. */
function readCell(text: string, at: number): CsvCell | undefined {
  let start = at
  while (text[start] === ' ' || text[start] === '\t') start++
  if (text[start] === '"') {
    quoted.lastIndex = start
    const found = quoted.exec(text)
    if (found === null) return undefined
    let end = quoted.lastIndex
    while (text[end] === ' ' || text[end] === '\t') end++
    if (end >= text.length || text[end] === ',' || text[end] === '\r' || text[end] === '\n')
      return { value: found[0].slice(1, -1).replaceAll('""', '"'), start, end }
  }
  plain.lastIndex = at
  const value = plain.exec(text)![0]
  const trimmed = value.trim()
  return { value: trimmed === '' ? null : trimmed, start, end: at + value.length }
}
