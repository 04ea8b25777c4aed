import type { ExportWriter } from '../export-job.ts'
import { writeParquet } from './write-parquet.ts'

/** One Parquet file, written by the engine. */
export const parquetWriter: ExportWriter<'parquet'> = {
  async write(job) {
    const table = job.tables[0]!
    const { compression, rowGroupSize, outOfRange } = job.options
    const file = { path: job.output, compression, outOfRange, ...(rowGroupSize === null ? {} : { rowGroupSize }) }
    return { rows: { [table.name]: await writeParquet(job, table, file) }, facts: { compression } }
  },
}
