import type { Element } from 'xast'
import { x } from 'xastscript'
import type { StyledText, Theme } from '../../../config/exports/workbook/workbook-spec.ts'
import type { Pill, SheetFields } from './sheet-fields.ts'

export interface RunStyle {
  /** Points. */
  readonly size: number
  readonly color: string
  readonly bold: boolean
  readonly align: 'left' | 'center' | 'right'
}

const ALIGNMENTS = { left: null, center: '1', right: '2' } as const

/** A line break, as Tableau marks it. */
const BREAK = 'Æ\n'

export function run(text: string, style: RunStyle, theme: Theme): Element {
  return x(
    'run',
    {
      bold: style.bold ? 'true' : null,
      fontalignment: ALIGNMENTS[style.align],
      fontcolor: style.color,
      fontname: theme.fonts[0]!,
      fontsize: String(style.size),
    },
    [text],
  )
}

/** The value of a field in a text. */
export const valueToken = (pill: Pill): string => `<${pill.ref}>`

/** Several pieces, each with its own look, as `<formatted-text>`. */
export function formattedRuns(runs: readonly Element[]): Element {
  return x('formatted-text', [...runs])
}

export const lineBreak = (): Element => x('run', [BREAK])

/** A text of the workbook. `fields` null: a place where Tableau shows no values. */
export function formattedText(
  text: StyledText,
  otherwise: RunStyle,
  theme: Theme,
  fields: SheetFields | null,
): Element {
  const style: RunStyle = {
    size: text.size ?? otherwise.size,
    color: text.color ?? otherwise.color,
    bold: text.bold ?? otherwise.bold,
    align: text.align ?? otherwise.align,
  }
  const runs: Element[] = []
  for (const part of text.parts) {
    if (typeof part !== 'string') {
      if (fields !== null) runs.push(run(valueToken(fields.pill(part)), style, theme))
      continue
    }
    for (const [i, line] of part.split(/\r?\n/).entries()) {
      if (i > 0) runs.push(lineBreak())
      if (line !== '') runs.push(run(line, style, theme))
    }
  }
  return formattedRuns(runs)
}
