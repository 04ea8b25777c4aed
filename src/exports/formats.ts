import type { ExportFormat } from '../config/exports/format-options.ts'
import type { ExportWriter } from './export-job.ts'

/** What makes the files of each format; loaded when the first of its kind is made. */
export const writers: { readonly [F in ExportFormat]: () => Promise<ExportWriter<F>> } = {
  parquet: async () => (await import('./files/parquet.ts')).parquetWriter,
}
