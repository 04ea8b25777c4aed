import type { Tag } from './lexer.ts'

/** Statements that print nothing: alone on a line they leave no line behind. */
const silent: ReadonlySet<string> = new Set(['config', 'set', 'push', 'return', 'depends_on', 'error', 'warn', 'log'])

function standsAlone(tag: Tag): boolean {
  if (tag.kind === 'output') return tag.words > 1 && tag.name !== undefined && silent.has(tag.name)
  return tag.kind !== 'other'
}

const isBlank = (code: number): boolean => code === 32 || code === 9
const isBreak = (code: number): boolean => code === 10 || code === 13

/** Start of the blanks before `offset`, when only blanks stand between it and the line's beginning. */
function lineStart(text: string, offset: number): number | undefined {
  let at = offset
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--
  return at === 0 || isBreak(text.charCodeAt(at - 1)) ? at : undefined
}

/** End of the line's break after `offset`, when only blanks stand between. */
function lineEnd(text: string, offset: number): number | undefined {
  let at = offset
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  if (at === text.length) return at
  if (text.charCodeAt(at) === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  return text.charCodeAt(at) === 10 ? at + 1 : undefined
}

function onlyBlanks(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isBlank(text.charCodeAt(at))) return false
  return true
}

function trimmedStart(text: string, offset: number): number {
  let at = offset
  while (at > 0 && /\s/.test(text[at - 1]!)) at--
  return at
}

function trimmedEnd(text: string, offset: number): number {
  let at = offset
  while (at < text.length && /\s/.test(text[at]!)) at++
  return at
}

/**
 * The stretches of white space that tags take with them: by `~`, or because a line holds nothing but tags that print
 * nothing. Sorted; offsets are those of the text (the tags' minus `base`).
 */
export function settledWhitespace(
  text: string,
  tags: readonly Tag[],
  base: number,
): readonly (readonly [number, number])[] {
  const cuts: [number, number][] = []
  for (let i = 0; i < tags.length; i++) {
    const first = tags[i]!
    let last = i
    const from = standsAlone(first) ? lineStart(text, first.start - base) : undefined
    if (from !== undefined) {
      while (last + 1 < tags.length && standsAlone(tags[last + 1]!)) {
        if (!onlyBlanks(text, tags[last]!.end - base, tags[last + 1]!.start - base)) break
        last++
      }
    }
    const to = from === undefined ? undefined : lineEnd(text, tags[last]!.end - base)
    if (from === undefined || to === undefined) {
      if (first.trimLeft) cuts.push([trimmedStart(text, first.start - base), first.start - base])
      if (first.trimRight) cuts.push([first.end - base, trimmedEnd(text, first.end - base)])
      continue
    }
    const start = first.trimLeft ? trimmedStart(text, first.start - base) : from
    cuts.push([start, first.start - base])
    for (let k = i; k < last; k++) cuts.push([tags[k]!.end - base, tags[k + 1]!.start - base])
    const end = tags[last]!.trimRight ? trimmedEnd(text, tags[last]!.end - base) : to
    cuts.push([tags[last]!.end - base, end])
    i = last
  }
  return cuts
}
