import { readFileSync } from 'node:fs'
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import { countRows } from '../count-rows.ts'
import type { ExportJob, ExportTable, ExportWriter } from '../export-job.ts'
import { writeParquet } from '../files/write-parquet.ts'
import { MetadataPlaces } from '../tableau/metadata-places.ts'
import { designModel } from './design-model.ts'
import { noServer, reportUnfit } from './errors.ts'
import { modelFiles, type Parameter, parquetNames } from './model-files.ts'
import { projectFiles } from './report-files.ts'
import type { ModelColumn, ModelTable, SemanticModel } from './semantic-model.ts'

/** The folder of the rows within a project. */
const DATA = 'data'

/** A Power BI project: a model in TMDL, a report of one page, and the rows as Parquet files unless a server has them. */
export const pbipWriter: ExportWriter<'pbip'> = {
  async write(job) {
    const { options, output, target } = job
    if (options.source === 'postgres' && job.live?.engine !== options.source)
      throw new UserError(noServer({ source: options.source }, placeOf(job)))
    const model = design(job)
    const keptReport = options.report === 'keep' ? await reportToKeep(job, model.name) : null
    await mkdir(output, { recursive: true })
    for (const [path, text] of projectFiles(model, job.export.label ?? 'Overview'))
      if (keptReport === null || !path.startsWith(`${model.name}.Report/`)) await put(join(output, path), text)
    for (const [path, text] of modelFiles(model, parameters(job), options))
      await put(join(output, `${model.name}.SemanticModel/definition`, path), text)
    // What Power BI Desktop keeps for one user on one machine.
    await put(join(output, '.gitignore'), '**/.pbi/localSettings.json\n**/.pbi/cache.abf\n')
    if (keptReport !== null) await cp(keptReport, join(output, basename(keptReport)), { recursive: true })
    const rows = options.source === 'parquet' ? await writeRows(job, model) : await countRows(job)
    const inactive = model.relationships.filter((r) => r.inactive !== null).length
    return {
      rows,
      facts: {
        project: basename(target),
        source: options.source,
        mode: options.mode,
        measures: model.tables.reduce((sum, t) => sum + t.measures.length, 0),
        relationships: model.relationships.length,
        inactive_relationships: inactive,
        report: keptReport === null ? 'written' : 'kept',
      },
    }
  },
}

const placeOf = ({ export: node }: ExportJob<'pbip'>) => ({ span: node.span, node: node.uniqueId })

function design({ export: node, tables, options, target, projectRoot, warn }: ExportJob<'pbip'>): SemanticModel {
  const diagnostics: Diagnostic[] = []
  const places = new MetadataPlaces((path) => textOf(isAbsolute(path) ? path : join(projectRoot, path)))
  const model = designModel(basename(target), tables, options, { places, diagnostics })
  const here = diagnostics.map((d) => ({ ...d, span: d.span ?? node.span, node: d.node ?? node.uniqueId }))
  const mistakes = here.filter((d) => d.severity === 'error')
  if (mistakes.length > 0) throw new UserError(mistakes)
  for (const warning of here) warn(warning)
  return model
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parameters({ options, target, live }: ExportJob<'pbip'>): readonly Parameter[] {
  if (options.source === 'parquet') {
    const value = options.dataFolder ?? join(target, DATA)
    return [{ name: 'DataFolder', value, description: 'Where the Parquet files lie on this machine.' }]
  }
  // A socket in a folder is reached on its own machine only.
  const host = live!.host.startsWith('/') ? 'localhost' : live!.host
  const server = options.server ?? `${host}:${live!.port}`
  return [
    { name: 'Server', value: server, description: 'Name and port of the Postgres server.' },
    { name: 'Database', value: options.database ?? live!.database, description: 'Database on the server.' },
  ]
}

/** The report of the last export, which people have worked on since; null when there is none. */
async function reportToKeep(job: ExportJob<'pbip'>, name: string): Promise<string | null> {
  const folder = join(job.target, `${name}.Report`)
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return null
  const definition = await readFile(join(folder, 'definition.pbir'), 'utf8').catch(() => null)
  if (definition === null) throw new UserError(reportUnfit({ folder }, placeOf(job)))
  return folder
}

async function writeRows(job: ExportJob<'pbip'>, model: SemanticModel): Promise<Record<string, number>> {
  const folder = join(job.output, DATA)
  await mkdir(folder, { recursive: true })
  const files = parquetNames(model)
  const rows: Record<string, number> = {}
  for (const table of job.tables) {
    const designed = model.tables.find((t) => t.source === table.name)!
    const path = join(folder, files.get(table.name)!)
    const { outOfRange } = job.options
    const file = { path, compression: 'snappy', wideNumbers: 'double', outOfRange } as const
    rows[table.name] = await writeParquet(job, { ...table, sql: sharedTypes(job, table, designed) }, file)
  }
  return rows
}

/** The columns that the model has, in types that Parquet and Power BI share. */
function sharedTypes({ dialect }: ExportJob<'pbip'>, table: ExportTable, { columns }: ModelTable): string {
  const list = columns.map(({ source, written }) => {
    const name = dialect.identifier(source)
    return written === null ? name : `${WRITTEN[written](name)} as ${name}`
  })
  return `select ${list.join(', ')} from (${table.sql}) as t`
}

const WRITTEN: { readonly [way in NonNullable<ModelColumn['written']>]: (column: string) => string } = {
  text: (column) => `cast(${column} as varchar)`,
  json: (column) => `cast(to_json(${column}) as varchar)`,
  utc: (column) => `cast(${column} at time zone 'UTC' as timestamp)`,
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
