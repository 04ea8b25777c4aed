import type { Frame, Span } from './span.ts'

/** Where a piece of generated text came from. */
export interface Origin {
  readonly span: Span
  /** Macro calls that led to this text, innermost first; empty outside macros. */
  readonly frames: readonly Frame[]
}

/** A piece of generated text. When `exact`, the text is the same as the source and offsets map one to one. */
export interface Segment {
  /** UTF-16 offset in the generated text. */
  readonly start: number
  readonly end: number
  readonly span: Span
  readonly frames: readonly Frame[]
  readonly exact: boolean
}

/** Text with its origin. Segments are sorted, do not overlap, and may leave gaps (text without an origin). */
export interface MappedText {
  readonly text: string
  readonly segments: readonly Segment[]
}

/** Builds mapped text piece by piece. */
export class MappedTextBuilder {
  #parts: string[] = []
  #length = 0
  #segments: Segment[] = []

  get length(): number {
    return this.#length
  }

  /** Text without an origin. */
  raw(text: string): this {
    this.#parts.push(text)
    this.#length += text.length
    return this
  }

  /** Text that came from `span`; `exact` when it stands there unchanged. */
  mapped(text: string, span: Span, exact: boolean, frames: readonly Frame[] = []): this {
    if (text === '') return this
    this.#segments.push({ start: this.#length, end: this.#length + text.length, span, frames, exact })
    return this.raw(text)
  }

  /** Other mapped text, its segments moved to their new place. */
  append(other: MappedText): this {
    for (const s of other.segments) {
      this.#segments.push({ ...s, start: s.start + this.#length, end: s.end + this.#length })
    }
    return this.raw(other.text)
  }

  build(): MappedText {
    return { text: this.#parts.join(''), segments: this.#segments }
  }
}

/** The origin of the character at `offset`, or of the nearest mapped text before it; undefined when there is none. */
export function originAt(mapped: MappedText, offset: number): Origin | undefined {
  const { segments } = mapped
  let low = 0
  let high = segments.length - 1
  let found: Segment | undefined
  while (low <= high) {
    const middle = (low + high) >> 1
    const segment = segments[middle]!
    if (segment.start <= offset) {
      found = segment
      low = middle + 1
    } else high = middle - 1
  }
  if (found === undefined) return undefined
  if (!found.exact) return { span: found.span, frames: found.frames }
  const at = Math.min(found.span.start + Math.min(offset, found.end) - found.start, found.span.end)
  return { span: { path: found.span.path, start: at, end: at }, frames: found.frames }
}

/** Part of a mapped text, as `String.prototype.slice` with non-negative bounds. */
export function sliceMapped(mapped: MappedText, start: number, end: number = mapped.text.length): MappedText {
  const segments: Segment[] = []
  for (const s of mapped.segments) {
    const from = Math.max(s.start, start)
    const to = Math.min(s.end, end)
    if (from >= to) continue
    const span = s.exact
      ? { path: s.span.path, start: s.span.start + from - s.start, end: s.span.start + to - s.start }
      : s.span
    segments.push({ ...s, start: from - start, end: to - start, span })
  }
  return { text: mapped.text.slice(start, end), segments }
}
