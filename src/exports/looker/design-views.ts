import type { Dialect } from '../../adapters/dialect.ts'
import { exportMark } from '../../adapters/reader-schema.ts'
import { shortName } from '../../base/short-name.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'
import { captionOf } from '../tableau/field-defaults.ts'

export interface LookerColumn {
  /** As the view has it. */
  readonly name: string
  /** As the table has it. */
  readonly source: string
  readonly type: string
  readonly description: string
}

/** A flat view for people who make charts: one a table. */
export interface LookerView {
  readonly relation: RelationName
  readonly table: ExportTable
  readonly columns: readonly LookerColumn[]
  readonly sql: string
  /** Ends in the mark of the export. */
  readonly comment: string
}

export function designView(
  table: ExportTable,
  place: { readonly database: string; readonly schema: string; readonly uniqueId: string },
  { dialect, labels }: { readonly dialect: Dialect; readonly labels: boolean },
): LookerView {
  const longest = dialect.maxIdentifierBytes ?? Number.POSITIVE_INFINITY
  const columns = named(table, labels ? longest : 0)
  const list = columns.map((c) =>
    c.name === c.source
      ? `    ${dialect.identifier(c.source)}`
      : `    ${dialect.identifier(c.source)} as ${dialect.identifier(c.name)}`,
  )
  const description = table.description.trim()
  return {
    relation: { database: place.database, schema: place.schema, identifier: shortName(table.name, longest) },
    table,
    columns,
    sql: `select\n${list.join(',\n')}\nfrom ${dialect.relation(table.relation)}`,
    comment: `${description}${description === '' ? '' : '\n\n'}${exportMark(place.uniqueId)}`,
  }
}

/**
 * What a column is called: what its metadata says, else its name in words; two never get the same.
 * @param longest a name that is longer in bytes stays as it is in the table
 */
function named(table: ExportTable, longest: number): readonly LookerColumn[] {
  const wanted = table.columns.map((column) => {
    const label = captionIn(column) ?? captionOf(column.name)
    return Buffer.byteLength(label) <= longest ? label : column.name
  })
  const count = new Map<string, number>()
  for (const name of wanted) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1)
  return table.columns.map((column, i) => ({
    name: count.get(wanted[i]!.toLowerCase()) === 1 ? wanted[i]! : column.name,
    source: column.name,
    type: column.engineType,
    description: column.description,
  }))
}

/** `label` in `meta.looker`, or what Tableau is told. */
function captionIn({ meta }: ExportColumn): string | undefined {
  return text(meta.looker, 'label') ?? text(meta.tableau, 'caption')
}

function text(section: unknown, key: string): string | undefined {
  if (typeof section !== 'object' || section === null) return undefined
  const value = (section as Record<string, unknown>)[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
