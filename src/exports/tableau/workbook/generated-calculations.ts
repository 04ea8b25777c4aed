import { createHash } from 'node:crypto'
import type { Span } from '../../../base/span.ts'
import type { Aggregation, Expression } from '../../../config/exports/workbook/measure-expression.ts'
import type { ValueFormat } from '../../../config/exports/workbook/value-format.ts'
import type { Field, Filter, Sheet, StyledText, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { readFormula } from '../formula.ts'
import type { CalculationMetadata } from '../table-metadata.ts'
import { valueFormatText } from './value-format-text.ts'

const FUNCTIONS: { readonly [a in Aggregation]: string } = {
  sum: 'SUM',
  avg: 'AVG',
  median: 'MEDIAN',
  min: 'MIN',
  max: 'MAX',
  count: 'COUNT',
  count_distinct: 'COUNTD',
  stdev: 'STDEV',
  variance: 'VAR',
}

const RANK = { '+': 1, '-': 1, '*': 2, '/': 2 } as const

/** An expression in Tableau's language, as short as it goes. */
export function formulaText(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value)
    case 'aggregate':
      return `${FUNCTIONS[expression.aggregation]}(${reference(expression.column)})`
    case 'calculation':
      return reference(expression.name)
    case 'negative':
      return `-${parenthesized(expression.of, 3)}`
    case 'binary': {
      const rank = RANK[expression.operator]
      const right = parenthesized(
        expression.right,
        expression.operator === '-' || expression.operator === '/' ? rank + 1 : rank,
      )
      return `${parenthesized(expression.left, rank)} ${expression.operator} ${right}`
    }
  }
}

function parenthesized(expression: Expression, rank: number): string {
  const text = formulaText(expression)
  return expression.kind === 'binary' && RANK[expression.operator] < rank ? `(${text})` : text
}

/** Tableau puts round brackets for square ones in names of columns. */
const reference = (name: string): string => `[${name.replaceAll('[', '(').replaceAll(']', ')')}]`

/** The internal name of the field for an expression that stands on a sheet itself: the same text, the same field. */
export function calculationNameOf(expression: Expression): string {
  const digest = createHash('sha256').update(formulaText(expression)).digest()
  return `Calculation_${digest.readBigUInt64BE().toString().padStart(19, '0').slice(0, 19)}`
}

/** Half of a measure to the left: where a bar around the middle begins. */
function leftHalf(expression: Expression): Expression {
  return {
    kind: 'binary',
    operator: '/',
    left: { kind: 'negative', of: expression },
    right: { kind: 'number', value: 2 },
  }
}

/** The measure of a field as an expression. */
export function expressionOf(field: Field): Expression | undefined {
  if (field.value.kind === 'measure') return field.value.expression
  return field.value.kind === 'calculation' ? { kind: 'calculation', name: field.value.name } : undefined
}

/** What the workbook adds to the calculated fields of a table: its calculations, and arithmetic on its sheets. */
export function calculationsOf(spec: WorkbookSpec, table: string, only: boolean): readonly CalculationMetadata[] {
  const own = spec.calculations
    .filter((calculation) => (calculation.data === null ? only : calculation.data === table))
    .flatMap((calculation): readonly CalculationMetadata[] => {
      const { value, format, span } = calculation
      const said = {
        name: calculation.name,
        caption: calculation.title,
        description: calculation.description,
        ...(format === null ? {} : { format: storedFormat(format, span) }),
        ...(value.kind === 'formula' ? { datatype: value.type, role: value.role } : {}),
      }
      return value.kind === 'formula'
        ? withFormula(said, value.formula, { span, formulaSpan: value.span })
        : withFormula(said, formulaText(value.expression), { span, formulaSpan: span })
    })
  const generated = new Map<string, CalculationMetadata>()
  for (const sheet of spec.sheets) {
    if ((sheet.data ?? (only ? table : null)) !== table) continue
    for (const field of [...fieldsOf(sheet), ...dashboardFields(spec, sheet)]) addGenerated(generated, field)
  }
  return [...own, ...[...generated.values()].sort((a, b) => (a.name < b.name ? -1 : 1))]
}

function addGenerated(into: Map<string, CalculationMetadata>, field: Field): void {
  if (field.value.kind !== 'measure' || field.value.expression.kind === 'aggregate') return
  const name = calculationNameOf(field.value.expression)
  if (into.has(name)) return
  const { title, text, format, span } = field
  const said = { name, caption: title ?? text, ...(format === null ? {} : { format: storedFormat(format, span) }) }
  const [made] = withFormula(said, formulaText(field.value.expression), { span, formulaSpan: span })
  if (made !== undefined) into.set(name, made)
}

/** Nothing when the formula cannot be read, which is told where the workbook is checked. */
function withFormula(
  said: Omit<CalculationMetadata, 'formula' | 'tokens' | 'span' | 'formulaSpan' | 'formulaOffset'>,
  formula: string,
  places: Pick<CalculationMetadata, 'span' | 'formulaSpan'>,
): readonly CalculationMetadata[] {
  const tokens = readFormula(formula)
  return 'problem' in tokens ? [] : [{ ...said, ...places, formula, tokens, formulaOffset: null }]
}

/** All fields that a sheet uses at any place. */
export function fieldsOf(sheet: Sheet): readonly Field[] {
  const texts = (text: StyledText | null): readonly Field[] =>
    (text?.parts ?? []).filter((part): part is Field => typeof part !== 'string')
  const fields = [
    ...sheet.columns,
    ...sheet.rows,
    ...sheet.values,
    ...(sheet.location === null
      ? []
      : sheet.location.kind === 'area'
        ? sheet.location.fields
        : [sheet.location.latitude, sheet.location.longitude]),
    ...(sheet.color.kind === 'field' ? [sheet.color.field] : []),
    ...(sheet.size === null ? [] : [sheet.size]),
    ...sheet.labels,
    ...sheet.detail,
    ...texts(sheet.title),
    ...texts(sheet.tooltip),
    ...sheet.filters.flatMap(filterFields),
    ...sheet.sorts.flatMap(({ field, rule }) => (rule.kind === 'by' ? [field, rule.by] : [field])),
    ...sheet.referenceLines.map((line) => line.field),
  ]
  if (sheet.kind === 'interval') return [...fields, ...intervalLength(sheet)]
  return sheet.kind === 'funnel' && sheet.funnelShape === 'centered'
    ? [...fields, ...sheet.values.flatMap((field) => funnelStart(field) ?? [])]
    : fields
}

const filterFields = ({ field, rule }: Filter): readonly Field[] => (rule.kind === 'top' ? [field, rule.by] : [field])

/** What dashboards use of a sheet's table: their filters that act on it, and links that begin there. */
export function dashboardFields(spec: WorkbookSpec, sheet: Sheet): readonly Field[] {
  return spec.dashboards.flatMap(({ filters, actions }) => [
    ...filters.filter((filter) => filter.sheets.includes(sheet.name)).flatMap(filterFields),
    ...actions.flatMap((action) =>
      action.kind === 'url' && action.from[0] === sheet.name
        ? action.url.parts.filter((part): part is Field => typeof part !== 'string')
        : [],
    ),
  ])
}

/** Where the bar of a step begins when bars stand around the middle. */
export function funnelStart(value: Field): Field | undefined {
  const expression = expressionOf(value)
  if (expression === undefined) return undefined
  return {
    ...value,
    value: { kind: 'measure', expression: leftHalf(expression) },
    title: `${value.title ?? value.text} (left half)`,
    format: null,
  }
}

/** How long the line of an interval is; one field, or none where an end is missing. */
export function intervalLength(sheet: Sheet): readonly Field[] {
  const [, from, to] = sheet.values
  const [left, right] = [to, from].map((field) => (field === undefined ? undefined : expressionOf(field)))
  if (from === undefined || left === undefined || right === undefined) return []
  const expression = { kind: 'binary', operator: '-', left, right } as const
  return [{ ...from, value: { kind: 'measure', expression }, title: 'Length of the interval', axis: null }]
}

function storedFormat(format: ValueFormat, span: Span): NonNullable<CalculationMetadata['format']> {
  const text = valueFormatText(format)
  return { text, written: text, fits: format.kind === 'date' ? 'dates' : 'numbers', span }
}
