import type { MappedText, Segment } from '../base/source-map.ts'

/** Staged identifier and the identifier that it will have once published. */
export interface Renaming {
  readonly from: string
  readonly to: string
}

/**
 * The same statement with published names in place of staged ones. A view is compiled once, against what was staged,
 * because asking the warehouse for columns must see the new relations; its published definition is this text. Staged
 * identifiers are unique to a run, so that they can be found in the text wherever they stand.
 */
export function rebindText(sql: MappedText, renamings: readonly Renaming[]): MappedText {
  const cuts = findCuts(sql.text, renamings)
  if (cuts.length === 0) return sql
  const parts: string[] = []
  let at = 0
  for (const cut of cuts) {
    parts.push(sql.text.slice(at, cut.start), cut.to)
    at = cut.start + cut.length
  }
  parts.push(sql.text.slice(at))
  return { text: parts.join(''), segments: moveSegments(sql.segments, cuts) }
}

interface Cut {
  readonly start: number
  readonly length: number
  readonly to: string
}

function findCuts(text: string, renamings: readonly Renaming[]): readonly Cut[] {
  const cuts: Cut[] = []
  // A staged name may end with another one; the longer match must win.
  const longestFirst = renamings.filter((r) => text.includes(r.from)).sort((a, b) => b.from.length - a.from.length)
  for (const { from, to } of longestFirst) {
    for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) {
      if (!cuts.some((c) => at < c.start + c.length && c.start < at + from.length))
        cuts.push({ start: at, length: from.length, to })
    }
  }
  return cuts.sort((a, b) => a.start - b.start)
}

function moveSegments(segments: readonly Segment[], cuts: readonly Cut[]): readonly Segment[] {
  let next = 0
  let shift = 0
  /** Segments are sorted and do not overlap, so offsets are asked for in rising order. */
  const moved = (offset: number): number => {
    while (next < cuts.length && cuts[next]!.start + cuts[next]!.length <= offset) {
      shift += cuts[next]!.to.length - cuts[next]!.length
      next++
    }
    return offset + shift
  }
  return segments.map((segment) => {
    const start = moved(segment.start)
    const end = moved(segment.end)
    const changed = end - start !== segment.end - segment.start
    return { ...segment, start, end, exact: segment.exact && !changed }
  })
}
