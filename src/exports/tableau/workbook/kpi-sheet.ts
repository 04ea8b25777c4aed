import type { Element } from 'xast'
import { numberFormats } from './axis-style.ts'
import { markColor } from './color-encoding.ts'
import { formattedRuns, lineBreak, run, valueToken } from './formatted-text.ts'
import { labelFormats } from './mark-encodings.ts'
import type { SheetContext, SheetParts } from './sheet-parts.ts'
import { format } from './style-rule.ts'

/** One number for all rows, large, with further ones below it. */
export function kpiSheet(context: SheetContext): SheetParts {
  const { sheet, fields } = context
  const values = sheet.values.map((field) => fields.pill(field))
  const color = sheet.color.kind === 'field' ? [fields.pill(sheet.color.field)] : []
  return {
    rows: '',
    columns: '',
    panes: [
      {
        mark: 'Text',
        axis: null,
        stacking: 'auto',
        encodings: [
          ...color.map((pill) => ({ shelf: 'color', ref: pill.ref }) as const),
          ...values.map((pill) => ({ shelf: 'text', ref: pill.ref }) as const),
        ],
        markFormats: [...labelFormats(true), format('text-align', 'left')],
        label: label(context),
      },
    ],
    rules: numberFormats(values),
    map: false,
    filters: [],
    sorts: [],
  }
}

function label({ sheet, spec, fields }: SheetContext): Element {
  const { theme } = spec
  const runs: Element[] = []
  const small = { size: theme.fontSize + 1, color: theme.secondaryText, bold: false, align: 'left' } as const
  for (const [i, field] of sheet.values.entries()) {
    const pill = fields.pill(field)
    const name = field.title ?? pill.field.caption
    if (i === 0) {
      const color = sheet.color.kind === 'fixed' ? markColor(sheet.color, 0, spec) : theme.text
      const large = { size: theme.kpiSize, color, bold: true, align: 'left' } as const
      runs.push(run(name, small, theme), lineBreak(), run(valueToken(pill), large, theme))
    } else
      runs.push(
        lineBreak(),
        run(`${name}  `, small, theme),
        run(valueToken(pill), { ...small, color: theme.text }, theme),
      )
  }
  return formattedRuns(runs)
}
