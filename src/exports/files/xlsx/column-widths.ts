import stringWidth from 'string-width'
import type { Cell } from '../../../adapters/adapter.ts'

const LEAST = 8
const MOST = 60
/** For the button of the filter, and a little air. */
const HEADER_ROOM = 4
const ROOM = 2

/** Widths in characters that show the header and what stands in some rows. */
export function columnWidths(names: readonly string[], rows: readonly (readonly Cell[])[]): readonly number[] {
  return names.map((name, i) => {
    let width = stringWidth(name) + HEADER_ROOM
    for (const row of rows) {
      if (width >= MOST) break
      const cell = row[i]
      if (cell === null || cell === undefined) continue
      const line = String(cell)
        .slice(0, MOST * 2)
        .split(/\r?\n/, 1)[0]!
      width = Math.max(width, stringWidth(line) + ROOM)
    }
    return Math.min(MOST, Math.max(LEAST, width))
  })
}
