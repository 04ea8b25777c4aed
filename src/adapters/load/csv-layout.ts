import { closeSync, openSync, readSync } from 'node:fs'
import type { CsvBytes } from './csv-records.ts'
import { CsvRecords } from './csv-records.ts'
import type { ByteTraits } from './scan-bytes.ts'

/** How the delimited files of a source are written. */
export interface CsvOptions {
  /** One character, or `auto`. */
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly header: boolean
  readonly skipHeaderLines: number
  readonly skipFooterLines: number
}

/** Where the rows of one delimited file are, and how they are split. */
export interface CsvLayout {
  readonly bytes: CsvBytes
  /** The delimiter as text. */
  readonly delimiter: string
  /** Cells of the header; undefined when the file has none or is empty. */
  readonly header: readonly string[] | undefined
  readonly headerLine: number
  /** Cells of the first row, when there is no header. */
  readonly width: number
  /** The bytes that hold rows, and the physical line of the first. */
  readonly rows: { readonly start: number; readonly end: number; readonly line: number }
}

const LF = 10
const CR = 13
const AUTO = [',', ';', '\t', '|']

/** Looks at the beginning (and, for footers, the end) of a file. Undefined when `auto` finds no delimiter. */
export function readLayout(path: string, traits: ByteTraits, options: CsvOptions): CsvLayout | undefined {
  const fd = openSync(path, 'r')
  try {
    const crLines = traits.breaks === 'cr' || (traits.breaks === 'mixed' && beginsWithCr(fd, traits, options.quote))
    const skipped = skipLines(fd, traits, options.skipHeaderLines, crLines)
    const end = footerStart(fd, traits, options.skipFooterLines, crLines, skipped.start)
    const range = { start: skipped.start, end, line: skipped.line }
    const bytesFor = (delimiter: string): CsvBytes => ({
      delimiter: code(delimiter),
      quote: options.quote === '' ? -1 : code(options.quote),
      escape: options.quote === '' ? -1 : code(options.escape === '' ? options.quote : options.escape),
      crLines,
    })
    const auto = options.delimiter === 'auto'
    const delimiter = auto ? findDelimiter(fd, range, bytesFor) : options.delimiter
    if (delimiter === undefined) return undefined
    const bytes = bytesFor(delimiter)
    const records = new CsvRecords(fd, bytes, range)
    const found = records.next()
    const cells = found ? Array.from({ length: records.fieldCount }, (_, i) => records.text(i)) : []
    if (!options.header) {
      return { bytes, delimiter, header: undefined, headerLine: range.line, width: cells.length, rows: range }
    }
    const rows = { start: records.endOffset, end, line: records.endLine }
    return {
      bytes,
      delimiter,
      header: found ? cells : undefined,
      headerLine: found ? records.line : range.line,
      width: cells.length,
      rows,
    }
  } finally {
    closeSync(fd)
  }
}

function code(character: string): number {
  return character.charCodeAt(0)
}

/** Whether the first line ends with a `\r` alone. Files that were put together have other ends further on. */
function beginsWithCr(fd: number, traits: ByteTraits, quote: string): boolean {
  const buffer = Buffer.allocUnsafe(1 << 16)
  const quoting = quote === '' ? -1 : code(quote)
  let inQuotes = false
  let last = -1
  for (let offset = traits.bomBytes; ; ) {
    const length = readSync(fd, buffer, 0, buffer.length, offset)
    for (let i = 0; i < length; i++) {
      const c = buffer[i]!
      if (last === CR && !inQuotes) return c !== LF
      if (c === quoting) inQuotes = !inQuotes
      else if (c === LF && !inQuotes) return false
      last = c
    }
    if (length === 0) return last === CR && !inQuotes
    offset += length
  }
}

function skipLines(fd: number, traits: ByteTraits, count: number, crLines: boolean): { start: number; line: number } {
  let start = traits.bomBytes
  let line = 1
  let lastCr = false
  const buffer = Buffer.allocUnsafe(1 << 16)
  let offset = start
  while (line <= count) {
    const length = readSync(fd, buffer, 0, buffer.length, offset)
    if (length === 0) return { start: traits.bytes, line }
    for (let i = 0; i < length && line <= count; i++) {
      const c = buffer[i]
      const insideCrLf = c === LF && lastCr
      lastCr = crLines && c === CR
      if (insideCrLf && start === offset + i) start++
      else if (c === LF || lastCr) {
        line++
        start = offset + i + 1
      }
    }
    offset += length
  }
  if (lastCr && readSync(fd, buffer, 0, 1, start) === 1 && buffer[0] === LF) start++
  return { start, line }
}

/** The offset at which the last `count` physical lines begin; blank lines at the very end are none. */
function footerStart(fd: number, traits: ByteTraits, count: number, crLines: boolean, from: number): number {
  if (count === 0) return traits.bytes
  const size = 1 << 16
  const buffer = Buffer.allocUnsafe(size)
  let breaks = 0
  let content = false
  let next = -1
  for (let end = traits.bytes; end > from; end -= size) {
    const start = Math.max(from, end - size)
    readSync(fd, buffer, 0, end - start, start)
    for (let i = end - start - 1; i >= 0; i--) {
      const c = buffer[i]!
      if (c !== LF && c !== CR) content = true
      else if (content && (c === LF || (crLines && c === CR && next !== LF))) {
        breaks++
        if (breaks === count) return start + i + 1
      }
      next = c
    }
  }
  return from
}

/** The delimiter that splits the first ten records into the most cells, as many in each. */
function findDelimiter(
  fd: number,
  range: { start: number; end: number; line: number },
  bytesFor: (delimiter: string) => CsvBytes,
): string | undefined {
  let best: { delimiter: string; count: number } | undefined
  for (const delimiter of AUTO) {
    const records = new CsvRecords(fd, bytesFor(delimiter), range)
    const counts = new Set<number>()
    for (let i = 0; i < 10 && records.next(); i++) counts.add(records.fieldCount)
    const [count] = counts
    if (counts.size !== 1 || count === undefined || count < 2) continue
    if (best === undefined || count > best.count) best = { delimiter, count }
  }
  return best?.delimiter
}
