import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import { entryOf, type YamlMap } from '../../config/yaml-node.ts'
import { isNothing, YamlReader } from '../../config/yaml-reader.ts'
import type { Column, RelationNode } from '../../project/resource.ts'
import type { MetadataPlaces, MetaPlace } from './metadata-places.ts'
import { placedValue } from './placed-value.ts'
import { readCalculation, readFieldMetadata } from './read-field-metadata.ts'
import type { FieldMetadata, TableMetadata } from './table-metadata.ts'

/** The key of `meta` under which a project speaks to Tableau. */
const KEY = 'tableau'

const TABLE_KEYS = ['caption', 'country', 'hierarchies', 'calculations'] as const

type Meta = { readonly [key: string]: ConfigValue }

/** A relation as far as it says something for Tableau. */
export interface DescribedRelation {
  readonly node: Pick<RelationNode, 'name' | 'patchPath' | 'span'>
  readonly name: string
  readonly meta: Meta
  readonly columns: readonly (Pick<Column, 'name' | 'meta'> & { readonly span: Column['span'] | null })[]
}

/** What the project says of a table and its columns for Tableau. Mistakes are added to `diagnostics`. */
export function readTableMetadata(
  table: DescribedRelation,
  places: MetadataPlaces,
  diagnostics: Diagnostic[],
): TableMetadata {
  const columns = new Map<string, FieldMetadata>()
  for (const column of table.columns) {
    const value = column.meta[KEY]
    if (value === undefined || value === null) continue
    const place = column.span === null ? places.ofNode(table.node, KEY) : places.ofColumn(column.span, KEY)
    const reader = readerOf(place, diagnostics)
    const node = placedValue(value, column.span === null ? undefined : place.written, place.whole)
    columns.set(column.name, readFieldMetadata(reader, node, `\`meta.tableau\` of the column \`${column.name}\``))
  }
  return { ...readTable(table, places, diagnostics), columns }
}

/** The values are evaluated already: whatever they hold is text. */
const readerOf = (place: MetaPlace, diagnostics: Diagnostic[]): YamlReader =>
  new YamlReader(place.file, diagnostics, (text) => text)

function readTable(
  table: DescribedRelation,
  places: MetadataPlaces,
  diagnostics: Diagnostic[],
): Omit<TableMetadata, 'columns'> {
  const none = { hierarchies: [], calculations: [] }
  const value = table.meta[KEY]
  if (value === undefined || value === null) return none
  const place = places.ofNode(table.node, KEY)
  const reader = readerOf(place, diagnostics)
  const where = `\`meta.tableau\` of \`${table.name}\``
  const map = reader.map(placedValue(value, place.written, place.whole), where, TABLE_KEYS)
  if (map === undefined) return none
  const calculations = entryOf(map, 'calculations')
  return {
    caption: reader.optionalText(map, 'caption', `\`caption\` of ${where}`),
    country: reader.optionalText(map, 'country', `\`country\` of ${where}`),
    hierarchies: readHierarchies(reader, map, where),
    calculations: reader.list(calculations?.value, `\`calculations\` of ${where}`).flatMap((item) => {
      const calculation = readCalculation(reader, item, `a calculated field of \`${table.name}\``)
      return calculation === undefined ? [] : [calculation]
    }),
  }
}

/** A mapping of names to the fields of their levels, the widest first. */
function readHierarchies(reader: YamlReader, map: YamlMap, where: string): TableMetadata['hierarchies'] {
  const entry = entryOf(map, 'hierarchies')
  if (entry === undefined || isNothing(entry.value)) return []
  const hierarchies = reader.map(entry.value, `\`hierarchies\` of ${where}`, undefined)
  return (hierarchies?.entries ?? []).map(({ key, value }) => ({
    name: key,
    levels: reader.list(value, `the hierarchy \`${key}\``).flatMap((item) => {
      const name = reader.text(item, `a level of the hierarchy \`${key}\``)
      return name === undefined ? [] : [{ name, span: reader.span(item) }]
    }),
  }))
}
