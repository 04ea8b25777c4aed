import type { Span } from '../base/span.ts'
import { parseFixtureCsv } from './parse-fixture-csv.ts'
import type { FixtureCell, FixtureRow, FixtureRows, FixtureValue } from './unit-test-entry.ts'
import { fixtureColumns, fixtureQuote, fixtureRowWidth } from './unit-test-errors.ts'
import type { YamlMap, YamlNode } from './yaml-node.ts'
import type { YamlReader } from './yaml-reader.ts'

type Report = Parameters<YamlReader['report']>[0]

/** Where a stretch of a text stands in a file. */
export type SpanIn = (start: number, end: number) => Span

/** Rows written as a list of mappings. */
export function readDictRows(reader: YamlReader, node: YamlNode, what: string): FixtureRows | undefined {
  const columns = new Set<string>()
  const rows: FixtureRow[] = []
  for (const item of reader.list(node, what)) {
    const map = reader.map(item, `a row of ${what}`, undefined)
    if (map === undefined) return undefined
    const cells = readCells(reader, map)
    if (cells === undefined) return undefined
    for (const { column } of cells) columns.add(column)
    rows.push({ cells, span: reader.span(item) })
  }
  return { kind: 'rows', columns: [...columns], rows }
}

function readCells(reader: YamlReader, map: YamlMap): FixtureCell[] | undefined {
  const cells: FixtureCell[] = []
  for (const entry of map.entries) {
    const value = cellValue(reader, entry.value)
    if (value === undefined) return undefined
    const span = entry.value.start < entry.value.end ? reader.span(entry.value) : reader.keySpan(entry)
    cells.push({ column: entry.key, columnSpan: reader.keySpan(entry), value, span })
  }
  return cells
}

/** Numbers stay as they are written: YAML would lose digits of long ones. Templates are values of the rows, as in dbt. */
function cellValue(reader: YamlReader, node: YamlNode): FixtureValue | undefined {
  const value = reader.value(node)
  if (typeof value !== 'number') return value
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  const written = reader.file.text.slice(node.start, node.end)
  return /^[-+]?[\d.]+(?:[eE][-+]?\d+)?$/.test(written) ? written : String(value)
}

/**
 * Rows of a CSV text whose first record names the columns. A record of another width is reported and left out.
 * Undefined when the text cannot be read.
 */
export function readCsvRows(text: string, spanIn: SpanIn, report: (d: Report) => void): FixtureRows | undefined {
  const { records, unclosed } = parseFixtureCsv(text)
  if (unclosed !== null) {
    report(fixtureQuote({}, { span: spanIn(unclosed, unclosed + 1) }))
    return undefined
  }
  const [header, ...data] = records
  if (header === undefined) {
    report(fixtureColumns({ why: 'it holds no line with the names of the columns' }, { span: spanIn(0, text.length) }))
    return undefined
  }
  const columns = header.cells.map((cell) => ({ name: cell.value ?? '', span: spanIn(cell.start, cell.end) }))
  const names = columns.map((c) => c.name)
  for (const [i, { name, span }] of columns.entries()) {
    const why = name === '' ? `its column ${i + 1} has no name` : `it names the column \`${name}\` twice`
    if (name !== '' && names.indexOf(name) === i) continue
    report(fixtureColumns({ why }, { span }))
    return undefined
  }
  const rows = data.flatMap((record): FixtureRow[] => {
    const span = spanIn(record.start, record.end)
    if (record.cells.length === columns.length)
      return [
        {
          span,
          cells: record.cells.map((cell, i) => {
            const { name, span: columnSpan } = columns[i]!
            const place = cell.start === cell.end ? span : spanIn(cell.start, cell.end)
            return { column: name, columnSpan, value: cell.value, span: place }
          }),
        },
      ]
    report(fixtureRowWidth({ cells: record.cells.length, columns: names }, { span }))
    return []
  })
  return { kind: 'rows', columns: names, rows }
}

/**
 * Where parts of a scalar's text stand. In a block (`|`) each line keeps its place behind the indentation; of other forms
 * whose text is not that of the file, the whole scalar is meant.
 */
export function spanInScalar(reader: YamlReader, node: YamlNode & { readonly kind: 'scalar' }): SpanIn {
  const text = String(node.value ?? '')
  if (node.exact) return (start, end) => reader.span({ start: node.textStart + start, end: node.textStart + end })
  const starts = blockLineStarts(reader.file.text.slice(node.start, node.end), text)
  if (starts === undefined) return () => reader.span(node)
  const at = (offset: number): number => {
    let line = 0
    while (line + 1 < starts.length && starts[line + 1]!.text <= offset) line++
    return node.start + starts[line]!.file + (offset - starts[line]!.text)
  }
  return (start, end) => reader.span({ start: at(start), end: at(end) })
}

/** For each line of a literal block its offset in the text and in the file; undefined for what is no such block. */
function blockLineStarts(
  written: string,
  text: string,
): readonly { readonly text: number; readonly file: number }[] | undefined {
  if (!/^\|[-+\d]*[^\S\n]*\r?\n/.test(written)) return undefined
  const starts: { text: number; file: number }[] = []
  let file = written.indexOf('\n') + 1
  let offset = 0
  for (const line of text.split('\n')) {
    const end = written.indexOf('\n', file)
    const whole = written.slice(file, end < 0 ? undefined : end).replace(/\r$/, '')
    if (!whole.endsWith(line)) return undefined
    starts.push({ text: offset, file: file + whole.length - line.length })
    offset += line.length + 1
    if (end < 0) break
    file = end + 1
  }
  return starts
}
