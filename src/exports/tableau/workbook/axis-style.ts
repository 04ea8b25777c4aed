import type { Element } from 'xast'
import { x } from 'xastscript'
import type { Pill } from './sheet-fields.ts'
import type { SheetContext } from './sheet-parts.ts'
import { format, styleRule } from './style-rule.ts'
import { valueFormatText } from './value-format-text.ts'

/** Titles, ranges and visibility of the axes on a shelf. */
export function axisRules(pills: readonly Pill[], scope: 'rows' | 'cols', context: SheetContext): Element[] {
  return pills.flatMap((pill) => [
    ...(pill.continuous ? styleRule('axis', axisContent(pill, scope)) : []),
    ...numberFormats([pill]),
    ...(pill.use.axis?.grid === false && pill.continuous
      ? styleRule('gridline', [
          format('line-visibility', 'off', { scope: scope === 'rows' ? 'rows' : 'cols' }),
          format('stroke-color', context.spec.theme.grid, { scope }),
        ])
      : []),
  ])
}

function axisContent(pill: Pill, scope: 'rows' | 'cols'): Element[] {
  const { axis, title } = pill.use
  const at = { class: '0', field: pill.ref, scope }
  return [
    ...(axis === null ? [] : range(pill, scope)),
    ...(title === null ? [] : [format('title', title, at)]),
    ...(axis?.visible === false ? [format('display', 'false', at)] : []),
  ]
}

function range(pill: Pill, scope: 'rows' | 'cols'): Element[] {
  const axis = pill.use.axis!
  const { minimum, maximum } = axis
  if (minimum === null && maximum === null && axis.includeZero) return []
  const type =
    minimum !== null && maximum !== null
      ? 'fixed'
      : minimum !== null
        ? 'fixedmin'
        : maximum !== null
          ? 'fixedmax'
          : 'automatic'
  return [
    x('encoding', {
      attr: 'space',
      class: '0',
      field: pill.ref,
      'field-type': 'quantitative',
      ...(axis.includeZero ? {} : { 'domain-expand': 'false' }),
      ...(maximum === null ? {} : { max: String(maximum) }),
      ...(minimum === null ? {} : { min: String(minimum) }),
      'range-type': type,
      scope,
      type: 'space',
    }),
  ]
}

/** Formats for the marks of fields and for the labels of their axes and headers. */
export function numberFormats(pills: readonly Pill[]): Element[] {
  const formatted = pills.filter((pill) => pill.use.format !== null)
  const each = formatted.map((pill) => format('text-format', valueFormatText(pill.use.format!), { field: pill.ref }))
  return [...styleRule('cell', each), ...styleRule('label', each)]
}
