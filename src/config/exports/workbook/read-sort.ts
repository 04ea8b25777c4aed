import { missingKey } from '../../errors.ts'
import type { YamlMap, YamlNode } from '../../yaml-node.ts'
import { readField, readFields } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Sort } from './workbook-spec.ts'

const KEYS = ['field', 'by', 'order', 'values'] as const

/** `sort` of a sheet: one mapping or a list of them. */
export function readSorts(reader: WorkbookReader, map: YamlMap, where: string): readonly Sort[] {
  const node = reader.at(map, 'sort')
  if (node === undefined) return []
  const nodes = node.kind === 'list' ? node.items : [node]
  return nodes.flatMap((item) => readSort(reader, item, `\`sort\` of ${where}`) ?? [])
}

function readSort(reader: WorkbookReader, node: YamlNode, where: string): Sort | undefined {
  const { yaml } = reader
  const map = yaml.map(node, where, KEYS)
  if (map === undefined) return undefined
  const fieldNode = reader.at(map, 'field')
  if (fieldNode === undefined) {
    if (yaml.misspelt(map, 'field')) return undefined
    return reader.report(missingKey({ key: 'field', where, example: 'field: campaign' }, { span: yaml.span(map) }))
  }
  const field = readField(reader, fieldNode, where)
  if (field === undefined) return undefined
  const manual = reader.at(map, 'values')
  if (manual !== undefined) {
    const order = yaml.texts(manual, '`values` of a sort')
    return order === undefined ? undefined : { field, rule: { kind: 'manual', order } }
  }
  const byNode = reader.at(map, 'by')
  const [by] = readFields(reader, byNode, where)
  if (byNode !== undefined && by === undefined) return undefined
  const otherwise = by === undefined ? 'ascending' : 'descending'
  const descending = reader.choice(map, 'order', ['ascending', 'descending'], otherwise) === 'descending'
  return { field, rule: by === undefined ? { kind: 'self', descending } : { kind: 'by', by, descending } }
}
