import type { Diagnostic } from '../../base/diagnostic.ts'
import { calculatedFields } from './calculated-fields.ts'
import { columnFields } from './column-fields.ts'
import { distinctCaptions } from './distinct-captions.ts'
import { unknownField } from './errors.ts'
import type { TableauField } from './field.ts'
import { captionOf } from './field-defaults.ts'
import { findField } from './find-field.ts'
import { relateTables } from './relate-tables.ts'
import type { SourceTable } from './source-table.ts'
import { connectionId, objectId } from './stable-id.ts'
import type { TableauConnection, TableauDataSource, TableauTable } from './tableau-data-source.ts'

/** What a data source is made of. */
export interface SourceRequest {
  /** Ids come of the three: they stay the same from run to run. `part` tells the sources of one workbook apart. */
  readonly identity: { readonly project: string; readonly export: string; readonly part: string }
  readonly caption: string
  readonly tables: readonly SourceTable[]
  /** What Tableau calls the connection is derived from `identity`. */
  readonly connection: ConnectionRequest
  /** Folders are left out unless they are asked for: Tableau Pulse fails on data sources that have them. */
  readonly folders: 'kept' | 'dropped'
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
export type ConnectionRequest = WithoutId<TableauConnection>

/** The data source over tables. The same request gives the same data source. Mistakes are added to `diagnostics`. */
export function describeDataSource(request: SourceRequest, diagnostics: Diagnostic[]): TableauDataSource {
  const { identity, connection } = request
  const parts = [identity.project, identity.export, identity.part]
  const taken = new Set<string>()
  const tables: TableauTable[] = []
  const found: TableauField[] = []
  for (const source of request.tables) {
    const { columns, fields } = columnFields(source, taken, diagnostics)
    found.push(...fields)
    tables.push({
      name: source.table.name,
      caption: source.metadata?.caption ?? captionOf(source.table.name),
      objectId: `${source.relation.replace(/[^\p{L}\p{N}_.-]/gu, '_')}_${objectId([...parts, source.table.name])}`,
      schema: source.schema,
      relation: source.relation,
      columns,
    })
  }
  const columns = distinctCaptions(found, request.tables)
  const calculations = request.tables.flatMap(({ table, metadata }) =>
    (metadata?.calculations ?? []).map((said) => ({ table: table.name, said })),
  )
  const fields = [...columns, ...calculatedFields(calculations, columns, diagnostics)]
  return {
    name: `federated.${connectionId(['federated', ...parts])}`,
    caption: request.caption,
    connection: { ...connection, id: `${connection.kind}.${connectionId([connection.kind, ...parts])}` },
    tables,
    relationships: relateTables(
      request.tables.map(({ table }) => table),
      columns,
      diagnostics,
    ),
    fields: request.folders === 'kept' ? fields : fields.map((field) => ({ ...field, folder: null })),
    hierarchies: request.tables.flatMap((source) => hierarchies(source, fields, diagnostics)),
    country: request.tables.map(({ metadata }) => metadata?.country).find((c) => c !== undefined) ?? null,
  }
}

function hierarchies(
  { table, metadata }: SourceTable,
  fields: readonly TableauField[],
  diagnostics: Diagnostic[],
): TableauDataSource['hierarchies'] {
  const own = fields.filter((field) => field.table === table.name)
  return (metadata?.hierarchies ?? []).map(({ name, levels }) => ({
    name,
    fields: levels.flatMap((level) => {
      const found = own.find((field) => field.column === level.name) ?? findField(own, level.name)?.field
      if (found !== undefined) return [found.name]
      const known = own.map((field) => field.column ?? field.name)
      diagnostics.push(
        unknownField(
          { name: level.name, where: `the hierarchy \`${name}\``, table: table.name, known },
          level.span === null ? {} : { span: level.span },
        ),
      )
      return []
    }),
  }))
}
