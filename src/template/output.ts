import type { MappedText, Segment } from '../base/source-map.ts'
import type { Frame } from '../base/span.ts'

/** Text in the making, with its origins. Cheaper than a general builder: one push a piece. */
export class Output {
  length = 0
  readonly #parts: string[] = []
  readonly #segments: Segment[] = []

  /** Text from `start` to `end` of `path`; `exact` when it stands there unchanged. */
  write(text: string, path: string, start: number, end: number, exact: boolean, frames: readonly Frame[]): void {
    if (text === '') return
    const from = this.length
    this.length = from + text.length
    this.#parts.push(text)
    this.#segments.push({ start: from, end: this.length, span: { path, start, end }, frames, exact })
  }

  append(other: MappedText): void {
    const shift = this.length
    for (const s of other.segments) {
      this.#segments.push({
        start: s.start + shift,
        end: s.end + shift,
        span: s.span,
        frames: s.frames,
        exact: s.exact,
      })
    }
    this.#parts.push(other.text)
    this.length += other.text.length
  }

  build(): MappedText {
    return { text: this.#parts.join(''), segments: this.#segments }
  }
}
