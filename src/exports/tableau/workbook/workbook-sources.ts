import type { Diagnostic } from '../../../base/diagnostic.ts'
import type { WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { describeDataSource, type SourceRequest } from '../describe-source.ts'
import type { SourceTable } from '../source-table.ts'
import { NO_METADATA } from '../table-metadata.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { withCategoryColors } from './category-colors.ts'
import { checkWorkbook } from './check-workbook.ts'
import { calculationsOf } from './generated-calculations.ts'

export interface WorkbookSourcesRequest {
  readonly spec: WorkbookSpec
  readonly project: string
  readonly export: string
  readonly tables: readonly SourceTable[]
  connectionOf(table: SourceTable): SourceRequest['connection']
}

/**
 * A data source for each table of the export, by its name, with the workbook's calculations. What the workbook says of
 * columns that are not there or do not fit is added to `diagnostics`; then nothing may be made of the sources.
 */
export function workbookSources(
  request: WorkbookSourcesRequest,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, TableauDataSource> {
  const { spec, tables } = request
  const only = tables.length === 1
  const plain = new Map(tables.map((table) => [table.table.name, describe(request, table, [], diagnostics)]))
  if (diagnostics.some((d) => d.severity === 'error')) return plain
  checkWorkbook(spec, plain, diagnostics)
  if (diagnostics.some((d) => d.severity === 'error')) return plain
  const sources = new Map<string, TableauDataSource>()
  for (const table of tables) {
    const { name } = table.table
    const source = describe(request, table, calculationsOf(spec, name, only), diagnostics)
    const sheets = spec.sheets.filter((sheet) => (sheet.data ?? (only ? name : null)) === name)
    sources.set(name, withCategoryColors(source, sheets, spec))
  }
  return sources
}

function describe(
  request: WorkbookSourcesRequest,
  table: SourceTable,
  calculations: ReturnType<typeof calculationsOf>,
  diagnostics: Diagnostic[],
): TableauDataSource {
  const metadata = table.metadata ?? NO_METADATA
  const { name } = table.table
  return describeDataSource(
    {
      identity: { project: request.project, export: request.export, part: name },
      caption: metadata.caption ?? table.table.name,
      tables: [{ ...table, metadata: { ...metadata, calculations: [...metadata.calculations, ...calculations] } }],
      connection: request.connectionOf(table),
      folders: 'dropped',
    },
    diagnostics,
  )
}
