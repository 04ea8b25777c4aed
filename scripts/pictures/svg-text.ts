/** Text as it stands in XML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)
}

export interface TextLook {
  /** Pixels. */
  readonly size: number
  readonly color: string
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** A line of text; `y` is its base line. */
export function textAt(text: string, at: { readonly x: number; readonly y: number }, look: TextLook): string {
  const anchor = look.anchor === undefined || look.anchor === 'start' ? '' : ` text-anchor="${look.anchor}"`
  const weight = look.bold === true ? ' font-weight="600"' : ''
  return `<text x="${round(at.x)}" y="${round(at.y)}" font-size="${round(look.size)}" fill="${look.color}"${weight}${anchor}>${escapeXml(text)}</text>`
}

export const round = (value: number): number => Math.round(value * 10) / 10

/** Shares of the font's size, by kind of letter, as most sans-serif fonts have them. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;|!'()[\]]/, 0.29],
  [/[ frt\-/]/, 0.35],
  [/[mwMW%@]/, 0.88],
  [/[A-Z&]/, 0.69],
  [/[0-9$€£×+<>=−]/, 0.6],
]

/** About how wide a text is, in pixels: pictures are drawn without fonts at hand. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const letter of text) width += WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? 0.56
  return width * size
}

/** The text, or as much of it as has room, with an ellipsis. */
export function shortened(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text
  let end = text.length
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, size) > room) end--
  return `${text.slice(0, end).trimEnd()}…`
}

/** Lines of at most `room` pixels, broken between words. */
export function wrapped(text: string, size: number, room: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
