import type { Span } from '../../base/span.ts'
import { entryOf, type YamlMap } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'
import { EXTRACT_KEYS, type HyperOptions, readExtractOptions } from './hyper-options.ts'
import { INTO_KEYS, type IntoOptions, readInto } from './package-options.ts'
import { workbookBesideInto, workbookMissing, workbookTwice } from './workbook/errors.ts'
import { readWorkbookMap, WORKBOOK_KEYS } from './workbook/read-workbook.ts'
import type { WorkbookSpec } from './workbook/workbook-spec.ts'

interface WorkbookOptions {
  /** Where the workbook is described, with `/`, below the project; null when the options hold it. */
  readonly workbookFile: { readonly path: string; readonly span: Span } | null
  /** Null until the file was read, and when it cannot be. */
  readonly workbook: WorkbookSpec | null
  /** Of the workbook's format. `18.1` is read by every Tableau since 2018, `26.1` by 2026.1 and later. */
  readonly workbookVersion: '18.1' | '26.1'
}

export interface TwbOptions extends WorkbookOptions {
  /** A `.hyper` file of the same tables, with `/`, below the project; null: the server is asked each time. */
  readonly hyper: string | null
  /** Where Tableau reaches the server; null: as the profile says. */
  readonly server: string | null
  readonly port: number | null
  readonly username: string | null
}

export interface TwbxOptions extends WorkbookOptions {
  /** A package saved in Tableau whose extract is exchanged; null: the package is made anew. */
  readonly into: IntoOptions | null
  /** Of the extracts in the package. */
  readonly extract: HyperOptions
}

const KEYS = ['workbook', 'workbook_version', ...WORKBOOK_KEYS] as const

/** `options` of `format: twb`. */
export function readTwbOptions(reader: YamlReader, map: YamlMap, where: string): TwbOptions {
  reader.map(map, `\`options\` of ${where}`, [...KEYS, 'hyper', 'server', 'port', 'username'])
  const port = entryOf(map, 'port')
  return {
    ...readWorkbookOptions(reader, map, where),
    hyper: reader.optionalText(map, 'hyper', '`hyper`')?.replaceAll('\\', '/') ?? null,
    server: reader.optionalText(map, 'server', '`server`') ?? null,
    port: (port === undefined || isNothing(port.value) ? undefined : reader.integer(port.value, '`port`', 1)) ?? null,
    username: reader.optionalText(map, 'username', '`username`') ?? null,
  }
}

/** `options` of `format: twbx`. */
export function readTwbxOptions(reader: YamlReader, map: YamlMap, where: string): TwbxOptions {
  reader.map(map, `\`options\` of ${where}`, [...KEYS, ...INTO_KEYS, ...EXTRACT_KEYS])
  const into = readInto(reader, map)
  const extract = readExtractOptions(reader, map)
  if (into === null) return { ...readWorkbookOptions(reader, map, where), into, extract }
  const described = KEYS.map((key) => entryOf(map, key)).find((entry) => entry !== undefined)
  if (described !== undefined)
    reader.report(workbookBesideInto({ key: described.key }, { span: reader.keySpan(described) }))
  return { workbookFile: null, workbook: null, workbookVersion: '18.1', into, extract }
}

function readWorkbookOptions(reader: YamlReader, map: YamlMap, where: string): WorkbookOptions {
  const versionEntry = entryOf(map, 'workbook_version')
  const workbookVersion =
    versionEntry === undefined || isNothing(versionEntry.value)
      ? undefined
      : reader.choice(versionEntry.value, 'version of workbooks', ['18.1', '26.1'] as const)
  const named = entryOf(map, 'workbook')
  const file = named === undefined || isNothing(named.value) ? undefined : named.value
  const inline = WORKBOOK_KEYS.map((key) => entryOf(map, key)).find((entry) => entry !== undefined)
  const common = { workbookVersion: workbookVersion ?? '18.1' } as const
  if (file !== undefined) {
    if (inline !== undefined) reader.report(workbookTwice({ key: inline.key }, { span: reader.keySpan(inline) }))
    const path = reader.text(file, `\`workbook\` of ${where}`)?.replaceAll('\\', '/')
    return { ...common, workbookFile: path === undefined ? null : { path, span: reader.span(file) }, workbook: null }
  }
  if (inline !== undefined)
    return { ...common, workbookFile: null, workbook: readWorkbookMap(reader, map, where) ?? null }
  if (!reader.misspelt(map, 'workbook') && !reader.misspelt(map, 'sheets'))
    reader.report(workbookMissing({ where }, { span: placeOf(reader, map) }))
  return { ...common, workbookFile: null, workbook: null }
}

/** The beginning of the options; of the file when there are none. */
function placeOf(reader: YamlReader, map: YamlMap): Span {
  return reader.span({ start: map.start, end: Math.min(map.end, map.start + 1) })
}
