/** A 1-based place; `column` counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A text file in memory, with a line table that is built on first use. */
export class SourceFile {
  readonly path: string
  readonly text: string
  #lines: number[] | undefined

  /** `path` is relative to the project with `/`; `text` is decoded and without a byte order mark. */
  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  /** Offsets at which the lines begin. `\r\n`, `\n` and a lone `\r` end a line. */
  get lineStarts(): readonly number[] {
    if (this.#lines === undefined) {
      const starts = [0]
      for (let i = 0; i < this.text.length; i++) {
        const c = this.text.charCodeAt(i)
        if (c === 10 || (c === 13 && this.text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
      }
      this.#lines = starts
    }
    return this.#lines
  }

  position(offset: number): Position {
    const starts = this.lineStarts
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }

  /** The offset of a 1-based line and a 1-based column; clamped to the text. */
  offset(line: number, column: number): number {
    const starts = this.lineStarts
    const start = starts[Math.min(Math.max(line, 1), starts.length) - 1]!
    return Math.min(start + column - 1, this.text.length)
  }

  /** The text of a 1-based line, without its line break. */
  line(line: number): string {
    const start = this.lineStarts[line - 1]
    if (start === undefined) return ''
    const end = this.lineStarts[line] ?? this.text.length
    return this.text.slice(start, end).replace(/[\r\n]+$/, '')
  }
}

/** The files that diagnostics may point at, by path. */
export class SourceSet {
  readonly #files = new Map<string, SourceFile>()

  add(file: SourceFile): SourceFile {
    this.#files.set(file.path, file)
    return file
  }

  get(path: string): SourceFile | undefined {
    return this.#files.get(path)
  }
}
