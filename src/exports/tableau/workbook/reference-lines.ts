import type { Element } from 'xast'
import { x } from 'xastscript'
import type { ReferenceLine, Theme } from '../../../config/exports/workbook/workbook-spec.ts'
import type { SheetFields } from './sheet-fields.ts'
import { format } from './style-rule.ts'

const FORMULAS = { average: 'average', median: 'median', minimum: 'min', maximum: 'max', total: 'sum' } as const
const SCOPES = { table: 'per-table', pane: 'per-pane', cell: 'per-cell' } as const

/** A line in a pane, and how the sheet's style draws it. */
export function referenceLine(
  line: ReferenceLine,
  at: number,
  fields: SheetFields,
  theme: Theme,
): { readonly element: Element; readonly formats: readonly Element[] } {
  const { ref } = fields.onAxis(line.field)
  const id = `refline${at}`
  return {
    element: x('reference-line', {
      'axis-column': ref,
      'enable-instant-analytics': 'true',
      formula: typeof line.value === 'number' ? 'constant' : FORMULAS[line.value],
      id,
      ...(line.label === null ? {} : { label: line.label.replaceAll(/[<>]/g, '') }),
      'label-type': line.label === null ? 'none' : 'custom',
      scope: SCOPES[line.scope],
      ...(typeof line.value === 'number' ? { value: decimal(line.value) } : {}),
      'value-column': ref,
      'z-order': String(at + 1),
    }),
    formats: [
      format('stroke-size', 1, { id }),
      format('line-visibility', 'on', { id }),
      format('line-pattern-only', line.dashed ? 'dashed' : 'solid', { id }),
      format('stroke-color', line.color ?? theme.secondaryText, { id }),
    ],
  }
}

/** Tableau writes constants of lines as reals. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))
