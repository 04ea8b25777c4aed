import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import type { DataSourceOptions } from '../../config/exports/tds-options.ts'
import type { ExportJob, ExportTable } from '../export-job.ts'
import { type ConnectionRequest, describeDataSource } from './describe-source.ts'
import { MetadataPlaces } from './metadata-places.ts'
import { readTableMetadata } from './read-table-metadata.ts'
import type { SourceTable } from './source-table.ts'
import type { TableauDataSource } from './tableau-data-source.ts'

/** What a data source of a job is made of. */
export interface JobSource {
  /** Tells the data sources of one file apart. */
  readonly part: string
  readonly caption: string
  readonly folders: DataSourceOptions['folders']
  readonly connection: ConnectionRequest
  readonly tables: readonly ExportTable[]
  /** Where the connection has a table, and how it stores its columns. */
  readonly placeOf: (table: ExportTable) => Pick<SourceTable, 'schema' | 'relation' | 'kindOf'>
}

/**
 * A data source over tables of a job, with what the project says of them for Tableau. Raises `UserError` with every
 * mistake in that; warnings go to the job.
 */
export function exportSource(
  job: Pick<ExportJob, 'export' | 'project' | 'projectRoot' | 'warn'>,
  source: JobSource,
): TableauDataSource {
  const diagnostics: Diagnostic[] = []
  const places = metadataPlaces(job.projectRoot)
  const described = describeDataSource(
    {
      identity: { project: job.project, export: job.export.name, part: source.part },
      caption: source.caption,
      tables: source.tables.map((table) => ({
        table,
        metadata: readTableMetadata(table, places, diagnostics),
        ...source.placeOf(table),
      })),
      connection: source.connection,
      folders: source.folders ? 'kept' : 'dropped',
    },
    diagnostics,
  )
  const node = job.export.uniqueId
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new UserError(errors.map((error) => ({ ...error, node })))
  for (const warning of diagnostics) job.warn({ ...warning, node })
  return described
}

/** Where property files of the project say something. */
export function metadataPlaces(projectRoot: string): MetadataPlaces {
  return new MetadataPlaces((path) => readText(join(projectRoot, path)))
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch {
    return undefined
  }
}
