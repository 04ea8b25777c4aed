import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path'
import type { Diagnostic } from '../../../base/diagnostic.ts'
import { UserError } from '../../../base/errors.ts'
import type { HyperOptions } from '../../../config/exports/hyper-options.ts'
import type { LayoutItem, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { countRows } from '../../count-rows.ts'
import type { ExportJob, ExportTable, ExportWriter } from '../../export-job.ts'
import { writeHyperFile } from '../../hyper/write-hyper.ts'
import { writeZip, type ZipContent } from '../../zip/write-zip.ts'
import type { ConnectionRequest } from '../describe-source.ts'
import { metadataPlaces } from '../export-source.ts'
import { extractKind } from '../extract-columns.ts'
import { refreshPackage } from '../into/refresh-package.ts'
import { readTableMetadata } from '../read-table-metadata.ts'
import type { SourceTable } from '../source-table.ts'
import { liveConnection } from '../write-tds.ts'
import { xmlText } from '../xml-text.ts'
import { imageMissing } from './errors.ts'
import { workbookDocument } from './workbook-document.ts'
import { workbookSources } from './workbook-sources.ts'

/** What a job for either kind of workbook has. */
type WorkbookJob = ExportJob<'twb'> | ExportJob<'twbx'>

/** Where a workbook finds its rows and pictures. */
interface WorkbookPlaces {
  placeOf(table: ExportTable): Pick<SourceTable, 'schema' | 'relation' | 'kindOf'>
  connectionOf(table: ExportTable): ConnectionRequest
  imagePath(path: string): string
}

/** A `.twbx`: the workbook, an extract for each table and the pictures, in one package. */
export const twbxWriter: ExportWriter<'twbx'> = {
  async write(job) {
    const { options, tables } = job
    if (options.into !== null)
      return refreshPackage(job, { into: options.into, kind: '.twb', extract: options.extract })
    const spec = options.workbook!
    const images = imageNames(spec, job)
    const document = workbookText(job, {
      placeOf: () => ({
        schema: options.extract.schema,
        relation: 'Extract',
        kindOf: (column) => extractKind(column, options.extract),
      }),
      connectionOf: ({ name }) => ({ kind: 'hyper', caption: name, path: extractPath(name) }),
      imagePath: (path) => images.get(path)!,
    })
    const name = basename(job.target, extname(job.target))
    const entries: Record<string, ZipContent> = { [`${name}.twb`]: { text: document } }
    for (const [path, inside] of images) entries[inside] = { file: join(job.projectRoot, path) }
    const rows: Record<string, number> = {}
    let facts = {}
    for (const [i, table] of tables.entries()) {
      const path = join(job.scratch, `extract-${i}.hyper`)
      const written = await writeHyperFile({ ...job, tables: [table] }, path, options.extract)
      Object.assign(rows, written.rows)
      facts = written.facts
      entries[extractPath(table.name)] = { file: path }
    }
    await writeZip(job.output, entries, job.signal)
    return { rows, facts: { ...facts, workbook_version: options.workbookVersion, ...counts(spec) } }
  },
}

/** A `.twb`: the workbook alone, over tables in the server or beside a `.hyper` file. */
export const twbWriter: ExportWriter<'twb'> = {
  async write(job) {
    const { options, tables } = job
    const { hyper } = options
    const live = hyper === null ? liveConnection(job) : null
    const document = workbookText(job, {
      placeOf: (table) =>
        live !== null
          ? { schema: table.relation.schema, relation: table.relation.identifier }
          : {
              schema: 'Extract',
              relation: tables.length === 1 ? 'Extract' : table.name,
              kindOf: (column) => extractKind(column, PLAIN_EXTRACT),
            },
      connectionOf: ({ name }) => live ?? { kind: 'hyper', caption: name, path: besides(job, hyper!) },
      imagePath: (path) => checkedImage(path, job),
    })
    const rows = await countRows(job)
    await writeFile(job.output, document)
    const facts = { connection: live === null ? 'hyper' : 'live', workbook_version: options.workbookVersion }
    return { rows, facts: { ...facts, ...counts(options.workbook!) } }
  },
}

/** How an extract holds columns that nothing is said of. */
const PLAIN_EXTRACT: HyperOptions = {
  version: 2,
  schema: 'Extract',
  table: null,
  tables: {},
  decimals: 'exact',
  intervals: 'text',
  outOfRange: 'error',
  keys: true,
}

const counts = (spec: WorkbookSpec): { readonly sheets: number; readonly dashboards: number } => ({
  sheets: spec.sheets.length,
  dashboards: spec.dashboards.length,
})

const extractPath = (table: string): string => `Data/Extracts/${table.replace(/[^\p{L}\p{N}_.-]/gu, '_')}.hyper`

/** Seen from the workbook, so that both can be moved together. */
function besides({ target, projectRoot }: WorkbookJob, hyper: string): string {
  return relative(dirname(target), isAbsolute(hyper) ? hyper : join(projectRoot, hyper))
    .split(sep)
    .join('/')
}

/** Raises `UserError` with all that the workbook names and the tables do not have. */
function workbookText(job: WorkbookJob, places: WorkbookPlaces): string {
  const spec = job.options.workbook!
  const diagnostics: Diagnostic[] = []
  const metadata = metadataPlaces(job.projectRoot)
  const sources = workbookSources(
    {
      spec,
      project: job.project,
      export: job.export.name,
      tables: job.tables.map((table) => ({
        table,
        metadata: readTableMetadata(table, metadata, diagnostics),
        ...places.placeOf(table),
      })),
      connectionOf: ({ table }) => places.connectionOf(table),
    },
    diagnostics,
  )
  const node = job.export.uniqueId
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new UserError(errors.map((error) => ({ ...error, node })))
  for (const warning of diagnostics) job.warn({ ...warning, node })
  return xmlText(
    workbookDocument({
      spec,
      sources,
      version: job.options.workbookVersion,
      identity: [job.project, job.export.name],
      imagePath: places.imagePath,
    }),
  )
}

/** Paths of pictures within the package, by their paths in the project. */
function imageNames(spec: WorkbookSpec, job: WorkbookJob): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const path of spec.dashboards.flatMap(({ layout, phone }) =>
    [layout, ...(phone === null ? [] : [phone.layout])].flatMap(images),
  )) {
    if (names.has(path)) continue
    checkedImage(path, job)
    const taken = [...names.values()]
    const plain = `Image/${basename(path)}`
    names.set(path, taken.includes(plain) ? `Image/${names.size}-${basename(path)}` : plain)
  }
  return names
}

function images(item: LayoutItem): readonly string[] {
  if (item.kind === 'image') return [item.path]
  return item.kind === 'stack' ? item.items.flatMap(images) : []
}

/** The absolute path of a picture that is there. */
function checkedImage(path: string, job: WorkbookJob): string {
  const absolute = join(job.projectRoot, path)
  if (existsSync(absolute)) return absolute
  throw new UserError(imageMissing({ path }, { span: job.export.span, node: job.export.uniqueId }))
}
