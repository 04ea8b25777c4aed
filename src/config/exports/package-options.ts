import type { Span } from '../../base/span.ts'
import { entryOf, type YamlMap } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'

/** A package made by hand whose extract is exchanged. */
export interface IntoOptions {
  /** As written, with `/`. */
  readonly path: string
  readonly span: Span
  /** Which extract, by its name or the end of it; null where there is one. */
  readonly extract: string | null
}

export const INTO_KEYS = ['into', 'extract'] as const

/** `into` and `extract`; null when no package is named. */
export function readInto(reader: YamlReader, map: YamlMap): IntoOptions | null {
  const entry = entryOf(map, 'into')
  const path = reader.optionalText(map, 'into', '`into`')
  const extract = reader.optionalText(map, 'extract', '`extract`') ?? null
  if (path === undefined || entry === undefined || isNothing(entry.value)) return null
  return { path: path.replaceAll('\\', '/'), span: reader.span(entry.value), extract }
}
