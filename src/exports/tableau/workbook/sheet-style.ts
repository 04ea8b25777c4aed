import type { Element } from 'xast'
import type { Sheet, Theme } from '../../../config/exports/workbook/workbook-spec.ts'
import { format, styleRule } from './style-rule.ts'

const BOTH = [{ scope: 'rows' }, { scope: 'cols' }] as const

/** How the theme makes every sheet look: thin lines where they help to read, none elsewhere. */
export function sheetStyle(sheet: Sheet, theme: Theme): readonly Element[] {
  const font = [
    format('font-family', theme.fonts[0]!),
    format('font-size', theme.fontSize),
    format('color', theme.text),
  ]
  const tabular = sheet.kind === 'text' || sheet.kind === 'highlight'
  const bare = sheet.kind === 'kpi' || sheet.kind === 'funnel' || sheet.kind === 'map' || tabular
  return [
    ...styleRule('worksheet', [
      ...font,
      ...BOTH.map((scope) => format('display-field-labels', sheet.kind === 'text', scope)),
    ]),
    ...styleRule('table', [format('background-color', theme.surface), format('show-null-value-warning', 'false')]),
    ...styleRule('pane', [format('border-style', 'none', { 'data-class': 'total' })]),
    ...styleRule('header', [
      ...font.slice(0, 2),
      format('color', theme.secondaryText),
      ...BOTH.map((scope) => format('border-style', 'none', scope)),
    ]),
    ...styleRule('axis', [
      format('line-visibility', theme.axisLine === null ? 'off' : 'on'),
      ...(theme.axisLine === null ? [] : [format('stroke-color', theme.axisLine)]),
      format('tick-color', '#00000000'),
      format('color', theme.secondaryText),
    ]),
    ...styleRule('axis-title', [format('color', theme.secondaryText), format('font-size', theme.fontSize)]),
    ...styleRule('gridline', [
      ...BOTH.map((scope) => format('line-visibility', bare || scope.scope === 'cols' ? 'off' : 'on', scope)),
      ...BOTH.map((scope) => format('stroke-color', theme.grid, scope)),
      ...BOTH.map((scope) => format('stroke-size', 1, scope)),
    ]),
    ...styleRule('zeroline', [format('line-visibility', 'off')]),
    ...['table-div', 'header-div'].flatMap((element) =>
      styleRule(element, [
        ...BOTH.map((scope) =>
          format('line-visibility', sheet.kind === 'text' && scope.scope === 'rows' ? 'on' : 'off', scope),
        ),
        ...BOTH.map((scope) => format('stroke-color', theme.grid, scope)),
      ]),
    ),
  ]
}
