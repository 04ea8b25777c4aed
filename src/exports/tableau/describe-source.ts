import type { ExportColumn, ExportTable } from '../export-job.ts'
import type { TableauDatatype, TableauField } from './field.ts'
import { type ColumnKind, captionOf, columnKind, fieldDefaults, typeFor } from './field-defaults.ts'
import { connectionId, objectId } from './stable-id.ts'
import { type FieldMetadata, NO_METADATA, type TableMetadata } from './table-metadata.ts'
import type { TableauConnection, TableauDataSource, TableauRelationship, TableauTable } from './tableau-data-source.ts'

/** A table with what is said of it, and where the connection has its rows. */
export interface SourceTable {
  readonly table: ExportTable
  readonly metadata?: TableMetadata | undefined
  readonly schema: string
  readonly relation: string
  /** How the connection stores a column where that differs from what the warehouse's type suggests. */
  readonly kindOf?: ((column: ExportColumn) => ColumnKind | null) | undefined
}

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

/** The data source over tables. The same request gives the same data source. */
export function describeDataSource(request: SourceRequest): TableauDataSource {
  const { identity, connection } = request
  const parts = [identity.project, identity.export, identity.part]
  const taken = new Set<string>()
  const tables: TableauTable[] = []
  const fields: TableauField[] = []
  const nameOf = new Map<string, Map<string, string>>()
  for (const source of request.tables) {
    const described = describeTable(source, parts, taken)
    tables.push(described.table)
    fields.push(...described.fields)
    nameOf.set(source.table.name, new Map(described.table.columns.map((c) => [c.name, c.field])))
  }
  const kept = request.folders === 'kept' ? fields : fields.map((field) => ({ ...field, folder: null }))
  return {
    name: `federated.${connectionId(['federated', ...parts])}`,
    caption: request.caption,
    connection: { ...connection, id: `${connection.kind}.${connectionId([connection.kind, ...parts])}` },
    tables,
    relationships: relationships(request.tables, nameOf),
    fields: kept,
    hierarchies: request.tables.flatMap(({ table, metadata }) =>
      (metadata?.hierarchies ?? []).map(({ name, levels }) => ({
        name,
        fields: levels.map((level) => nameOf.get(table.name)?.get(level.name) ?? level.name),
      })),
    ),
    country: request.tables.map(({ metadata }) => metadata?.country).find((c) => c !== undefined) ?? null,
  }
}

function describeTable(
  source: SourceTable,
  parts: readonly string[],
  taken: Set<string>,
): { readonly table: TableauTable; readonly fields: readonly TableauField[] } {
  const { table } = source
  const metadata = source.metadata ?? NO_METADATA
  const keys = keyColumns(table)
  const columns: TableauTable['columns'][number][] = []
  const fields: TableauField[] = []
  for (const column of table.columns) {
    const kind = (source.kindOf ?? ((c) => columnKind(c.type)))(column)
    if (kind === null) continue
    const name = uniqueName(localName(column.name), table.name, taken)
    columns.push({ name: column.name, field: name, kind })
    const said = metadata.columns.get(column.name) ?? {}
    const plain = fieldDefaults(column.name, kind.datatype, keys.has(column.name) ? 'key' : 'plain')
    const defaults =
      name === localName(column.name)
        ? plain
        : { ...plain, caption: `${plain.caption} (${metadata.caption ?? captionOf(table.name)})` }
    fields.push({
      ...mergedField(said, kind.datatype, defaults),
      name,
      table: table.name,
      column: column.name,
      description: (said.description ?? column.description).trim(),
      calculation: null,
    })
  }
  return {
    table: {
      name: table.name,
      caption: metadata.caption ?? captionOf(table.name),
      objectId: `${source.relation.replace(/[^\p{L}\p{N}_.-]/gu, '_')}_${objectId([...parts, table.name])}`,
      schema: source.schema,
      relation: source.relation,
      columns,
    },
    fields,
  }
}

/** What is said wins over what the column tells by itself; a role that is said changes what goes with it. */
export function mergedField(
  said: FieldMetadata,
  datatype: TableauDatatype,
  defaults: ReturnType<typeof fieldDefaults>,
): Omit<TableauField, 'name' | 'table' | 'column' | 'description' | 'calculation'> {
  const role = said.role ?? (said.type === 'quantitative' ? 'measure' : defaults.role)
  const own = role === defaults.role
  return {
    caption: said.caption ?? defaults.caption,
    datatype,
    role,
    type: said.type ?? (own ? defaults.type : typeFor(role, datatype)),
    aggregation: said.aggregation ?? (own ? defaults.aggregation : null),
    format: said.format ?? null,
    semanticRole: said.semanticRole === undefined ? defaults.semanticRole : said.semanticRole,
    folder: said.folder ?? null,
    hidden: said.hidden ?? false,
    aliases: said.aliases ?? [],
    colors: said.colors ?? [],
    palette: said.palette ?? null,
  }
}

function keyColumns(table: ExportTable): ReadonlySet<string> {
  return new Set([...table.primaryKey, ...table.foreignKeys.flatMap((key) => key.columns)])
}

/** Brackets bound names in Tableau, which itself puts round ones in their place. */
const localName = (column: string): string => column.replaceAll('[', '(').replaceAll(']', ')')

/** As Tableau does it: a name that an earlier table has gets its table's name behind it. */
function uniqueName(name: string, table: string, taken: Set<string>): string {
  let unique = name
  for (let n = 1; taken.has(unique.toLowerCase()); n++)
    unique = n === 1 ? `${name} (${table})` : `${name} (${table}) ${n}`
  taken.add(unique.toLowerCase())
  return unique
}

function relationships(
  tables: readonly SourceTable[],
  nameOf: ReadonlyMap<string, ReadonlyMap<string, string>>,
): TableauRelationship[] {
  return tables.flatMap(({ table }) =>
    table.foreignKeys.flatMap((key) => {
      const own = nameOf.get(table.name)
      const target = nameOf.get(key.table)
      if (own === undefined || target === undefined) return []
      const on = key.columns.map((column, i) => ({
        from: own.get(column) ?? column,
        to: target.get(key.targetColumns[i]!) ?? key.targetColumns[i]!,
      }))
      return [{ from: table.name, to: key.table, on }]
    }),
  )
}
