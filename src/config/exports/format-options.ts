import type { YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { type CsvOptions, readCsvOptions } from './csv-options.ts'
import { type HyperOptions, readHyperOptions } from './hyper-options.ts'
import { type LookerOptions, readLookerOptions } from './looker-options.ts'
import { type NdjsonOptions, readNdjsonOptions } from './ndjson-options.ts'
import { type ParquetOptions, readParquetOptions } from './parquet-options.ts'
import { type PbipOptions, readPbipOptions } from './pbip-options.ts'
import { readTdsOptions, type TdsOptions } from './tds-options.ts'
import { readTdsxOptions, type TdsxOptions } from './tdsx-options.ts'
import { readTwbOptions, readTwbxOptions, type TwbOptions, type TwbxOptions } from './twb-options.ts'
import { readXlsxOptions, type XlsxOptions } from './xlsx-options.ts'

/** The options of each format, read and completed with their defaults. */
export interface FormatOptions {
  readonly hyper: HyperOptions
  readonly parquet: ParquetOptions
  readonly pbip: PbipOptions
  readonly looker: LookerOptions
  readonly tds: TdsOptions
  readonly csv: CsvOptions
  readonly ndjson: NdjsonOptions
  readonly xlsx: XlsxOptions
  readonly tdsx: TdsxOptions
  readonly twb: TwbOptions
  readonly twbx: TwbxOptions
}

export type ExportFormat = keyof FormatOptions

/** A format with its own options. */
export type FormatChoice = {
  readonly [F in ExportFormat]: { readonly format: F; readonly options: FormatOptions[F] }
}[ExportFormat]

/** What is known of a format before anything is exported. */
export interface FormatRules<O> {
  /** Ends of file names that programs know the format by, the usual one first; empty: a folder. */
  readonly suffixes: readonly string[]
  /** Other things end like this, too: the end of a name alone does not tell the format. */
  readonly commonSuffixes?: true
  /** Whether one export can hold several relations. */
  readonly severalTables: boolean
  /** Whether `to` is needed: false where the export goes into the warehouse. */
  readonly needsPlace: boolean
  /**
   * Reads `options`; the mapping is empty when there are none. A mistake is reported and the default taken.
   * @param to the place as written, whose end may tell more
   */
  readOptions(reader: YamlReader, map: YamlMap, where: string, to: string | null): O
}

export const formats: { readonly [F in ExportFormat]: FormatRules<FormatOptions[F]> } = {
  hyper: {
    suffixes: ['.hyper'],
    severalTables: true,
    needsPlace: true,
    readOptions: readHyperOptions,
  },
  parquet: {
    suffixes: ['.parquet'],
    severalTables: false,
    needsPlace: true,
    readOptions: readParquetOptions,
  },
  pbip: {
    suffixes: [],
    severalTables: true,
    needsPlace: true,
    readOptions: readPbipOptions,
  },
  looker: {
    suffixes: ['.sql', '.md'],
    commonSuffixes: true,
    severalTables: true,
    needsPlace: false,
    readOptions: readLookerOptions,
  },
  tds: {
    suffixes: ['.tds'],
    severalTables: true,
    needsPlace: true,
    readOptions: readTdsOptions,
  },
  csv: {
    suffixes: ['.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.txt.gz', '.csv.zst', '.tsv.zst', '.txt.zst'],
    severalTables: false,
    needsPlace: true,
    readOptions: readCsvOptions,
  },
  ndjson: {
    suffixes: ['.ndjson', '.jsonl', '.ndjson.gz', '.jsonl.gz', '.ndjson.zst', '.jsonl.zst'],
    severalTables: false,
    needsPlace: true,
    readOptions: readNdjsonOptions,
  },
  xlsx: {
    suffixes: ['.xlsx'],
    severalTables: true,
    needsPlace: true,
    readOptions: readXlsxOptions,
  },
  tdsx: {
    suffixes: ['.tdsx'],
    severalTables: true,
    needsPlace: true,
    readOptions: readTdsxOptions,
  },
  twb: {
    suffixes: ['.twb'],
    severalTables: true,
    needsPlace: true,
    readOptions: readTwbOptions,
  },
  twbx: {
    suffixes: ['.twbx'],
    severalTables: true,
    needsPlace: true,
    readOptions: readTwbxOptions,
  },
}

export const formatNames = Object.keys(formats) as readonly ExportFormat[]

/** The format that the end of a file's name tells; undefined when it tells none. */
export function formatOfPath(path: string): ExportFormat | undefined {
  const name = path.toLowerCase()
  return tellingFormats().find((format) => formats[format].suffixes.some((suffix) => name.endsWith(suffix)))
}

/** The usual end of each format's files, where it tells the format. */
export function tellingSuffixes(): readonly string[] {
  return tellingFormats().flatMap((format) => formats[format].suffixes.slice(0, 1))
}

function tellingFormats(): readonly ExportFormat[] {
  return formatNames.filter((format) => formats[format].commonSuffixes === undefined)
}
