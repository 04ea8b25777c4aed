import type { Span } from '../../../base/span.ts'
import { missingKey, wrongType } from '../../errors.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { aggregateNeeded, badField, dimensionNeeded, unknownFunction } from './errors.ts'
import { AGGREGATIONS, type Aggregation, type Expression, parseTerm, type Term } from './measure-expression.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Axis, DateLevel, DatePart, Field, FieldValue } from './workbook-spec.ts'

export const DATE_LEVELS: readonly DateLevel[] = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute']
const DATE_PARTS: readonly DatePart[] = [...DATE_LEVELS, 'weekday']
const KEYS = ['field', 'part', 'title', 'format', 'discrete', 'axis'] as const
const AXIS_KEYS = ['visible', 'minimum', 'maximum', 'include_zero', 'grid'] as const

/** A field: text, or a mapping with `field` and how it is shown. */
export function readField(reader: WorkbookReader, node: YamlNode, where: string): Field | undefined {
  const { yaml } = reader
  if (node.kind !== 'map') {
    const text = yaml.text(node, `a field of ${where}`)
    const value = text === undefined ? undefined : readFieldText(reader, text, yaml.span(node), where)
    if (text === undefined || value === undefined) return undefined
    return { value, title: null, format: null, discrete: null, axis: null, text, span: yaml.span(node) }
  }
  const map = yaml.map(node, `a field of ${where}`, KEYS)
  const entry = map === undefined ? undefined : entryOf(map, 'field')
  if (map === undefined) return undefined
  if (entry === undefined) {
    if (yaml.misspelt(map, 'field')) return undefined
    return reader.report(
      missingKey(
        { key: 'field', where: `a field of ${where}`, example: 'field: sum(spend)' },
        { span: yaml.span(node) },
      ),
    )
  }
  const text = yaml.text(entry.value, '`field`')
  const plain = text === undefined ? undefined : readFieldText(reader, text, yaml.span(entry.value), where)
  if (text === undefined || plain === undefined) return undefined
  const discrete = reader.at(map, 'discrete')
  return {
    value: withPart(reader, map, plain),
    title: reader.text(map, 'title'),
    format: reader.format(map),
    discrete: discrete === undefined ? null : (yaml.boolean(discrete, '`discrete`') ?? null),
    axis: readAxis(reader, map),
    text,
    span: yaml.span(entry.value),
  }
}

/** One field or a list of them. */
export function readFields(reader: WorkbookReader, node: YamlNode | undefined, where: string): readonly Field[] {
  if (node === undefined) return []
  const nodes = node.kind === 'list' ? node.items : [node]
  return nodes.flatMap((item) => readField(reader, item, where) ?? [])
}

function withPart(reader: WorkbookReader, map: YamlMap, value: FieldValue): FieldValue {
  const node = reader.at(map, 'part')
  if (node === undefined) return value
  const level = reader.yaml.choice(node, 'part of a date', DATE_PARTS)
  if (level === undefined) return value
  if (value.kind === 'column') return { kind: 'date', column: value.column, truncated: false, level }
  reader.report(
    wrongType(
      { what: '`part`', expected: 'beside a plain column', got: 'beside a period or a measure' },
      { span: reader.yaml.span(node) },
    ),
  )
  return value
}

function readAxis(reader: WorkbookReader, map: YamlMap): Axis | null {
  const node = reader.at(map, 'axis')
  if (node === undefined) return null
  if (node.kind === 'scalar') {
    const visible = reader.yaml.boolean(node, '`axis`')
    return visible === undefined ? null : { visible, minimum: null, maximum: null, includeZero: true, grid: visible }
  }
  const axis = reader.yaml.map(node, '`axis`', AXIS_KEYS)
  if (axis === undefined) return null
  return {
    visible: reader.flag(axis, 'visible', true),
    minimum: reader.number(axis, 'minimum'),
    maximum: reader.number(axis, 'maximum'),
    includeZero: reader.flag(axis, 'include_zero', true),
    grid: reader.flag(axis, 'grid', true),
  }
}

/** What the text of a field means. `span` covers the text. */
export function readFieldText(reader: WorkbookReader, text: string, span: Span, where: string): FieldValue | undefined {
  const parsed = parseTerm(text)
  if (!parsed.ok) return reader.report(badField({ text, problem: parsed.problem }, { span }))
  const { term } = parsed
  if (term.kind === 'name') {
    return reader.calculations.includes(term.name)
      ? { kind: 'calculation', name: term.name }
      : { kind: 'column', column: term.name }
  }
  if (term.kind === 'call' && (DATE_LEVELS as readonly string[]).includes(term.function))
    return { kind: 'date', column: term.argument, truncated: true, level: term.function as DateLevel }
  if (term.kind === 'number')
    return reader.report(badField({ text, problem: 'it is a number and reads no column' }, { span }))
  const expression = toExpression(reader, term, span, where)
  if (expression?.kind === 'calculation') return expression
  return expression === undefined ? undefined : { kind: 'measure', expression }
}

/** An expression as the value of a calculation. */
export function readExpression(reader: WorkbookReader, node: YamlNode, where: string): Expression | undefined {
  const text = reader.yaml.text(node, `the value of ${where}`)
  if (text === undefined) return undefined
  const span = reader.yaml.span(node)
  const parsed = parseTerm(text)
  if (!parsed.ok) return reader.report(badField({ text, problem: parsed.problem }, { span }))
  return toExpression(reader, parsed.term, span, where)
}

function toExpression(reader: WorkbookReader, term: Term, span: Span, where: string): Expression | undefined {
  switch (term.kind) {
    case 'number':
      return term
    case 'name':
      if (reader.calculations.includes(term.name)) return { kind: 'calculation', name: term.name }
      return reader.report(aggregateNeeded({ name: term.name, where: `arithmetic in ${where}` }, { span }))
    case 'call':
      if (term.function === 'agg') return { kind: 'calculation', name: term.argument }
      if ((AGGREGATIONS as readonly string[]).includes(term.function))
        return { kind: 'aggregate', aggregation: term.function as Aggregation, column: term.argument }
      return reader.report(
        unknownFunction(
          { name: term.function, column: term.argument, known: [...AGGREGATIONS, 'agg', ...DATE_LEVELS] },
          { span },
        ),
      )
    case 'negative': {
      const of = toExpression(reader, term.of, span, where)
      return of === undefined ? undefined : { kind: 'negative', of }
    }
    case 'binary': {
      const left = toExpression(reader, term.left, span, where)
      const right = toExpression(reader, term.right, span, where)
      return left === undefined || right === undefined ? undefined : { ...term, left, right }
    }
  }
}

/** Whether a field is one number for many rows. A bare column is none; a calculation counts as one. */
export function isMeasure(field: Field): boolean {
  return field.value.kind === 'measure' || field.value.kind === 'calculation'
}

/** Keeps fields that are measures and reports the others. */
export function measuresOnly(reader: WorkbookReader, fields: readonly Field[], where: string): readonly Field[] {
  return fields.filter((field) => {
    if (isMeasure(field)) return true
    if (field.value.kind === 'column')
      reader.report(aggregateNeeded({ name: field.value.column, where }, { span: field.span }))
    else
      reader.report(
        badField(
          { text: field.text, problem: `${where} needs a measure such as \`sum(spend)\`` },
          { span: field.span },
        ),
      )
    return false
  })
}

/** Keeps fields that are columns or periods and reports the others; calculations may be either. */
export function dimensionsOnly(reader: WorkbookReader, fields: readonly Field[], where: string): readonly Field[] {
  return fields.filter((field) => {
    if (field.value.kind !== 'measure') return true
    reader.report(dimensionNeeded({ text: field.text, where }, { span: field.span }))
    return false
  })
}
