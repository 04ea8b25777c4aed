import { docBlock } from './errors.ts'
import { entryOf, type YamlMap } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

/** Descriptions are plain text: nothing in them is evaluated, and doc blocks are refused. */
export function readDescription(reader: YamlReader, map: YamlMap, key = 'description'): string {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return ''
  const node = entry.value
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return reader.text(node, `\`${key}\``) ?? ''
  const doc = /\{\{~?\s*doc\b[^}]*\}\}/.exec(node.value)
  if (doc !== null) {
    const start = node.exact ? node.textStart + doc.index : node.start
    reader.report(docBlock({}, { span: reader.span({ start, end: node.exact ? start + doc[0].length : node.end }) }))
  }
  return node.value
}
