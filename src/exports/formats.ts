import type { ExportFormat } from '../config/exports/format-options.ts'
import type { ExportWriter } from './export-job.ts'

/** What makes the files of each format; loaded when the first of its kind is made. */
export const writers: { readonly [F in ExportFormat]: () => Promise<ExportWriter<F>> } = {
  looker: async () => (await import('./looker/looker.ts')).lookerWriter,
  pbip: async () => (await import('./powerbi/pbip.ts')).pbipWriter,
  hyper: async () => (await import('./hyper/write-hyper.ts')).hyperWriter,
  csv: async () => (await import('./files/csv.ts')).csvWriter,
  ndjson: async () => (await import('./files/ndjson.ts')).ndjsonWriter,
  xlsx: async () => (await import('./files/xlsx.ts')).xlsxWriter,
  parquet: async () => (await import('./files/parquet.ts')).parquetWriter,
  tdsx: async () => (await import('./tableau/write-tdsx.ts')).tdsxWriter,
  twb: async () => (await import('./tableau/workbook/write-twb.ts')).twbWriter,
  twbx: async () => (await import('./tableau/workbook/write-twb.ts')).twbxWriter,
  tds: async () => (await import('./tableau/write-tds.ts')).tdsWriter,
}
