import type { ExportWriter } from '../export-job.ts'

/** An object of JSON a line, written by the engine. */
export const ndjsonWriter: ExportWriter<'ndjson'> = {
  async write({ tables, options: { compression }, session, output }) {
    const table = tables[0]!
    const { rows } = await session.extraction.toFile(table.sql, { path: output, format: 'ndjson', compression })
    return { rows: { [table.name]: rows }, facts: { compression } }
  },
}
