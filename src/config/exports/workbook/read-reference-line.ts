import { missingKey, wrongValue } from '../../errors.ts'
import type { YamlNode } from '../../yaml-node.ts'
import { measuresOnly, readFields } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { ReferenceLine } from './workbook-spec.ts'

const KEYS = ['field', 'value', 'label', 'color', 'dashed', 'scope'] as const
const VALUES = ['average', 'median', 'minimum', 'maximum', 'total'] as const

export function readReferenceLines(
  reader: WorkbookReader,
  node: YamlNode | undefined,
  where: string,
): readonly ReferenceLine[] {
  return reader.yaml
    .list(node, `\`reference_lines\` of ${where}`)
    .flatMap((item) => readReferenceLine(reader, item, `a reference line of ${where}`) ?? [])
}

function readReferenceLine(reader: WorkbookReader, node: YamlNode, where: string): ReferenceLine | undefined {
  const { yaml } = reader
  const map = yaml.map(node, where, KEYS)
  if (map === undefined) return undefined
  const fieldNode = reader.at(map, 'field')
  const valueNode = reader.at(map, 'value')
  for (const [key, found, example] of [
    ['field', fieldNode, 'field: sum(spend)'],
    ['value', valueNode, 'value: average'],
  ] as const)
    if (found === undefined && !yaml.misspelt(map, key))
      reader.report(missingKey({ key, where, example }, { span: yaml.span(map) }))
  if (fieldNode === undefined || valueNode === undefined) return undefined
  const [field] = measuresOnly(reader, readFields(reader, fieldNode, where), where)
  const value = readValue(reader, valueNode)
  if (field === undefined || value === undefined) return undefined
  return {
    field,
    value,
    label: reader.text(map, 'label'),
    color: reader.color(map, 'color'),
    dashed: reader.flag(map, 'dashed', true),
    scope: reader.choice(map, 'scope', ['table', 'pane', 'cell'], 'table'),
  }
}

function readValue(reader: WorkbookReader, node: YamlNode): ReferenceLine['value'] | undefined {
  const value = reader.yaml.value(node)
  if (value === undefined || typeof value === 'number') return value
  const found = VALUES.find((known) => known === value)
  if (found !== undefined) return found
  return reader.report(
    wrongValue(
      { what: 'value of a reference line', value: String(value), allowed: VALUES, hint: 'or a number' },
      { span: reader.yaml.span(node) },
    ),
  )
}
