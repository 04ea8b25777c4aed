import type { AnalysisEntry } from './property-types.ts'
import { readColumns } from './read-columns.ts'
import { configHint, readConfig } from './read-config.ts'
import { readDocumented } from './read-description.ts'
import { entryOf, type YamlNode } from './yaml-node.ts'
import type { YamlReader } from './yaml-reader.ts'

const KEYS = ['name', 'description', 'columns', 'config', 'docs', 'meta', 'tags'] as const

/** An entry of `analyses:`. */
export function readAnalysis(reader: YamlReader, node: YamlNode): AnalysisEntry | undefined {
  const map = reader.map(node, 'an analysis', KEYS, configHint('analysis'))
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'an analysis', 'name: best_customers')
  if (name === undefined) return undefined
  const where = `the analysis \`${name}\``
  return {
    name,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    ...readDocumented(reader, map),
    columns: readColumns(reader, map, where),
    config: readConfig(reader, map, { where, resource: 'analysis', beside: ['docs', 'meta', 'tags'] }),
  }
}
