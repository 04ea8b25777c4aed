import { badName, wrongReference } from './errors.ts'
import type { SnapshotEntry, SnapshotRelation } from './property-types.ts'
import { readColumns } from './read-columns.ts'
import { configHint, readConfig } from './read-config.ts'
import { readDescription } from './read-description.ts'
import { readTests } from './read-tests.ts'
import { parseReferenceText } from './reference-text.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const SNAPSHOT_KEYS: readonly string[] = [
  'name',
  'description',
  'relation',
  'config',
  'columns',
  'tests',
  'data_tests',
  'docs',
  'meta',
  'group',
]

/** One entry of `snapshots:`. */
export function readSnapshot(reader: YamlReader, node: YamlNode): SnapshotEntry | undefined {
  const map = reader.map(node, 'a snapshot', SNAPSHOT_KEYS, configHint('snapshot'))
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a snapshot', 'name: customers_history')
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (/[\s/\\]/.test(name)) return reader.report(badName({ what: 'a snapshot', name }, { span: nameSpan }))
  const where = `the snapshot \`${name}\``
  const relation = readRelation(reader, map, where)
  if (relation === undefined) return undefined
  return {
    kind: 'snapshot',
    name,
    nameSpan,
    relation,
    description: readDescription(reader, map),
    config: readConfig(reader, map, { where, resource: 'snapshot', beside: ['meta', 'docs', 'group'] }),
    columns: readColumns(reader, map, where),
    tests: readTests(reader, map),
  }
}

/** Null when the entry has none; undefined when it has one that cannot be read. */
function readRelation(reader: YamlReader, map: YamlMap, where: string): SnapshotRelation | null | undefined {
  const entry = entryOf(map, 'relation')
  if (entry === undefined || isNothing(entry.value)) return null
  const text = reader.text(entry.value, `\`relation\` of ${where}`)
  if (text === undefined) return undefined
  const reference = parseReferenceText(text)
  const span = reader.span(entry.value)
  if (reference === undefined || reference.kind === 'this')
    return reader.report(wrongReference({ what: `\`relation\` of ${where}`, text }, { span }))
  return { reference, text: text.trim(), span }
}
