import { join } from 'node:path'
import type { ExportWriter } from '../export-job.ts'
import { recodeFile } from './recode-file.ts'

/** A CSV by the engine, in the encoding that is asked for. */
export const csvWriter: ExportWriter<'csv'> = {
  async write({ export: node, tables, options, session, output, scratch, signal }) {
    const table = tables[0]!
    const { encoding, bom, orderBy: _, ...layout } = options
    const recode = bom || encoding !== 'utf-8'
    const path = recode ? join(scratch, 'utf-8.csv') : output
    const compression = recode ? 'none' : layout.compression
    const { rows } = await session.extraction.toFile(table.sql, { ...layout, path, format: 'csv', compression })
    if (recode) {
      const place = { span: node.span, node: node.uniqueId }
      await recodeFile(path, output, { encoding, bom, gzip: layout.compression === 'gzip', place, signal })
    }
    return { rows: { [table.name]: rows }, facts: { encoding, compression: layout.compression } }
  },
}
