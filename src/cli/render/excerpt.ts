import type { SourceFile } from '../../base/source-file.ts'
import { displayWidth, visibleLine } from './display.ts'

/** One line of a source with what to underline in it; offsets are UTF-16 units of the line. */
export interface MarkedLine {
  readonly number: number
  readonly text: string
  readonly from: number
  readonly to: number
}

/** A part of a line, in UTF-16 units. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Longer lines are cut around what is marked, so that minified text does not fill the screen. */
const widest = 160

/** The lines to show for a span: its only line, or the first and the last one of several. */
export function markedLines(file: SourceFile, start: number, end: number): MarkedLine[] {
  const first = file.position(start)
  const last = file.position(Math.max(start, end > start ? end - 1 : end))
  const text = file.line(first.line)
  if (first.line === last.line) {
    return [{ number: first.line, text, from: first.column - 1, to: first.column - 1 + Math.max(end - start, 1) }]
  }
  const lastText = file.line(last.line)
  return [
    { number: first.line, text, from: first.column - 1, to: text.trimEnd().length },
    { number: last.line, text: lastText, from: lastText.length - lastText.trimStart().length, to: last.column },
  ]
}

/** A line as shown and, below it, the columns to underline. It is not cut inside of the parts that must stay `whole`. */
export function layOut(
  line: MarkedLine,
  whole: readonly Stretch[] = [],
): { readonly text: string; readonly indent: number; readonly width: number } {
  const { start, end } = window(line, whole)
  const cut = (from: number, to: number) => visibleLine(line.text.slice(Math.max(from, start), Math.min(to, end)))
  const head = start > 0 ? '…' : ''
  const tail = end < line.text.length ? '…' : ''
  const before = head + cut(start, line.from)
  const marked = cut(line.from, line.to)
  return {
    text: before + marked + cut(line.to, end) + tail,
    indent: displayWidth(before),
    width: Math.max(1, displayWidth(marked)),
  }
}

function window(line: MarkedLine, whole: readonly Stretch[]): { readonly start: number; readonly end: number } {
  const { text, from } = line
  if (text.length <= widest) return { start: 0, end: text.length }
  const start = Math.max(0, Math.min(from - 40, text.length - widest))
  const outside = (offset: number) => whole.find((w) => w.start < offset && offset < w.end)?.start ?? offset
  return {
    start: outside(notInside(text, start)),
    end: outside(notInside(text, Math.min(text.length, start + widest))),
  }
}

/** Moves an offset that stands between the halves of a surrogate pair. */
function notInside(text: string, offset: number): number {
  const code = text.charCodeAt(offset)
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset
}
