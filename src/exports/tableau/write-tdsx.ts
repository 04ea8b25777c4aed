import { basename, extname, join } from 'node:path'
import type { ExportWriter } from '../export-job.ts'
import { writeHyperFile } from '../hyper/write-hyper.ts'
import { writeZip } from '../zip/write-zip.ts'
import { dataSourceDocument } from './datasource.ts'
import { exportSource } from './export-source.ts'
import { extractKind } from './extract-columns.ts'
import { refreshPackage } from './into/refresh-package.ts'
import { xmlText } from './xml-text.ts'

/** A `.tdsx`: a data source with its extract, made anew or put into a package that was saved in Tableau. */
export const tdsxWriter: ExportWriter<'tdsx'> = {
  async write(job) {
    const { options, tables } = job
    if (options.into !== null)
      return refreshPackage(job, { into: options.into, kind: '.tds', extract: options.extract })
    const name = basename(job.target, extname(job.target))
    const path = `Data/Extracts/${name}.hyper`
    const source = exportSource(job, {
      part: '',
      caption: options.caption ?? job.export.label ?? job.export.name,
      folders: options.folders,
      connection: { kind: 'hyper', caption: name, path },
      tables,
      placeOf: (table) => ({
        schema: options.extract.schema,
        relation: tables.length === 1 ? 'Extract' : table.name,
        kindOf: (column) => extractKind(column, options.extract),
      }),
    })
    const extract = join(job.scratch, 'extract.hyper')
    const { rows, facts } = await writeHyperFile(job, extract, options.extract)
    const document = { text: xmlText(dataSourceDocument(source)) }
    await writeZip(job.output, { [`${name}.tds`]: document, [path]: { file: extract } }, job.signal)
    return { rows, facts }
  },
}
