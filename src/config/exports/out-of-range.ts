import { entryOf, type YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'

/** What becomes of values that a file has no place for. */
export type OutOfRange = 'error' | 'null'

/** `null` is what YAML calls nothing, so it counts when it is written and not when the key has no value. */
export function readOutOfRange(reader: YamlReader, map: YamlMap): OutOfRange {
  const node = entryOf(map, 'out_of_range')?.value
  if (node === undefined) return 'error'
  if (node.kind !== 'scalar' || node.value !== null)
    return reader.choice(node, 'value of `out_of_range`', ['error', 'null'] as const) ?? 'error'
  return reader.file.text.slice(node.start, node.end).trim() === '' ? 'error' : 'null'
}
