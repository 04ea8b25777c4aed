import { missingKey } from '../../errors.ts'
import { entryOf, type YamlNode } from '../../yaml-node.ts'
import { calculationCycle, valueAndFormula } from './errors.ts'
import { readBy } from './measure-expression.ts'
import { readExpression } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Calculation } from './workbook-spec.ts'

const KEYS = ['name', 'title', 'data', 'value', 'formula', 'role', 'type', 'format', 'description'] as const
const TYPES = ['real', 'integer', 'string', 'boolean', 'date', 'datetime'] as const

export function readCalculations(reader: WorkbookReader, node: YamlNode | undefined): readonly Calculation[] {
  const calculations = reader.yaml.list(node, '`calculations`').flatMap((item) => readCalculation(reader, item) ?? [])
  for (const calculation of calculations) {
    const circle = circleFrom(calculation.name, calculations)
    if (circle !== undefined) reader.report(calculationCycle({ circle }, { span: calculation.span }))
  }
  return calculations
}

/** The names on the way from a calculation back to itself. */
function circleFrom(start: string, calculations: readonly Calculation[]): readonly string[] | undefined {
  const seen = new Set<string>()
  const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
    const value = calculations.find((calculation) => calculation.name === name)?.value
    if (value?.kind !== 'expression') return undefined
    for (const next of readBy(value.expression).calculations) {
      if (next === start) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...way, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start, [start])
}

function readCalculation(reader: WorkbookReader, node: YamlNode): Calculation | undefined {
  const { yaml } = reader
  const map = yaml.map(node, 'a calculation', KEYS)
  const name = map === undefined ? undefined : yaml.requiredText(map, 'name', 'a calculation', 'name: roas')
  if (map === undefined || name === undefined) return undefined
  const where = `the calculation \`${name}\``
  const [valueNode, formulaNode] = [reader.at(map, 'value'), reader.at(map, 'formula')]
  if (valueNode !== undefined && formulaNode !== undefined)
    return reader.report(valueAndFormula({ name }, { span: yaml.keySpan(entryOf(map, 'formula')!) }))
  if (valueNode === undefined && formulaNode === undefined) {
    if (yaml.misspelt(map, 'value') || yaml.misspelt(map, 'formula')) return undefined
    return reader.report(
      missingKey({ key: 'value', where, example: 'value: sum(value) / sum(spend)' }, { span: yaml.span(map) }),
    )
  }
  const value = valueNode === undefined ? undefined : readExpression(reader, valueNode, where)
  const formula = formulaNode === undefined ? undefined : yaml.text(formulaNode, `\`formula\` of ${where}`)
  if (value === undefined && formula === undefined) return undefined
  return {
    name,
    title: reader.text(map, 'title') ?? name,
    data: reader.text(map, 'data'),
    value:
      formula === undefined
        ? { kind: 'expression', expression: value! }
        : {
            kind: 'formula',
            formula,
            role: reader.choice(map, 'role', ['measure', 'dimension'], 'measure'),
            type: reader.choice(map, 'type', TYPES, 'real'),
            span: yaml.span(formulaNode!),
          },
    format: reader.format(map),
    description: reader.text(map, 'description') ?? '',
    span: yaml.span(entryOf(map, 'name')!.value),
  }
}
