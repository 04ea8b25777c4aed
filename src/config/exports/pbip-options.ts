import { entryOf, type YamlMap } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'
import { directQueryOfFiles, wrongOption } from './errors.ts'
import { type OutOfRange, readOutOfRange } from './out-of-range.ts'

export interface PbipOptions {
  /** Files beside the project, or the tables where the warehouse keeps them. */
  readonly source: 'parquet' | 'postgres'
  readonly mode: 'import' | 'directquery'
  /** `keep`: a report that is there already stays as it is. */
  readonly report: 'write' | 'keep'
  /** Name of the table that is the calendar; null: none is; undefined: the one that looks like it. */
  readonly dateTable: string | null | undefined
  /** Where the files lie on the machine that opens the project; null: where they are written. */
  readonly dataFolder: string | null
  /** `host:port` and database as the machine that opens the project knows them; null: those of the target. */
  readonly server: string | null
  readonly database: string | null
  readonly outOfRange: OutOfRange
  /** Language of the model, for its sort order and formats. */
  readonly culture: string
}

const KEYS = [
  'source',
  'mode',
  'report',
  'date_table',
  'data_folder',
  'server',
  'database',
  'out_of_range',
  'culture',
] as const
const SOURCES = ['parquet', 'postgres'] as const
const MODES = ['import', 'directquery'] as const
const REPORTS = ['write', 'keep'] as const

const USUAL_CULTURE = 'en-US'
const CULTURE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$/

/** `options` of `format: pbip`. */
export function readPbipOptions(reader: YamlReader, map: YamlMap, where: string): PbipOptions {
  reader.map(map, `\`options\` of ${where}`, KEYS)
  const choice = <T extends string>(key: string, words: readonly T[]): T | undefined => {
    const entry = entryOf(map, key)
    if (entry === undefined || isNothing(entry.value)) return undefined
    return reader.choice(entry.value, `\`${key}\``, words)
  }
  const source = choice('source', SOURCES) ?? 'parquet'
  const mode = choice('mode', MODES) ?? 'import'
  if (mode === 'directquery' && source === 'parquet')
    reader.report(directQueryOfFiles({ where }, { span: reader.span(entryOf(map, 'mode')!.value) }))
  const dateTable = reader.optionalText(map, 'date_table', '`date_table`')
  return {
    source,
    mode,
    report: choice('report', REPORTS) ?? 'write',
    dateTable: dateTable === 'none' ? null : dateTable,
    dataFolder: reader.optionalText(map, 'data_folder', '`data_folder`') || null,
    server: reader.optionalText(map, 'server', '`server`') || null,
    database: reader.optionalText(map, 'database', '`database`') || null,
    outOfRange: readOutOfRange(reader, map),
    culture: readCulture(reader, map),
  }
}

function readCulture(reader: YamlReader, map: YamlMap): string {
  const culture = reader.optionalText(map, 'culture', '`culture`') ?? USUAL_CULTURE
  if (CULTURE.test(culture)) return culture
  const what = `\`culture\` is \`${culture}\`, and not a language with its country`
  const span = reader.span(entryOf(map, 'culture')!.value)
  reader.report(wrongOption({ what, hint: 'write for example `de-DE`' }, { span }))
  return USUAL_CULTURE
}
