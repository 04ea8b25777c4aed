import type { ExportWriter } from '../export-job.ts'

/** One Parquet file, written by the engine. */
export const parquetWriter: ExportWriter<'parquet'> = {
  async write({ tables, options, session, output }) {
    const table = tables[0]!
    const { compression, rowGroupSize } = options
    const rows = await session.extraction.toFile(table.sql, {
      path: output,
      format: 'parquet',
      compression,
      ...(rowGroupSize === null ? {} : { rowGroupSize }),
    })
    return { rows: { [table.name]: rows }, facts: { compression } }
  },
}
