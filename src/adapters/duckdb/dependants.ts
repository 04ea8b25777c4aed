import type { RelationName } from '../../sql/relation.ts'
import { significantTokens } from '../../sql/scan-sql.ts'
import type { Dependant } from '../adapter.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'

/**
 * Views that read some of the relations. The engine keeps no such links, so the texts of all views are looked through: a
 * table's name counts unless another schema stands before it.
 */
export async function dependantsOf(
  connection: DuckDbConnection,
  relations: readonly RelationName[],
): Promise<readonly Dependant[]> {
  if (relations.length === 0) return []
  const { rows } = await connection.query(
    'select database_name, schema_name, view_name, sql from duckdb_views() where not internal order by 1, 2, 3',
  )
  const byName = new Map<string, RelationName[]>()
  for (const relation of relations) {
    const name = relation.identifier.toLowerCase()
    byName.set(name, [...(byName.get(name) ?? []), relation])
  }
  return rows.flatMap(([database, schema, identifier, sql]) => {
    const reader = { database: String(database), schema: String(schema), identifier: String(identifier) }
    return [...readBy(String(sql), byName)]
      .filter((of) => same(reader, of) === false)
      .map((of): Dependant => ({ reader, of }))
  })
}

function readBy(sql: string, byName: ReadonlyMap<string, readonly RelationName[]>): ReadonlySet<RelationName> {
  const found = new Set<RelationName>()
  const tokens = [...significantTokens(sql)]
  const textAt = (i: number): string => {
    const token = tokens[i]
    if (token === undefined) return ''
    const text = sql.slice(token.start, token.end)
    return (token.kind === 'name' ? text.slice(1, -1).replaceAll('""', '"') : text).toLowerCase()
  }
  for (let i = 0; i < tokens.length; i++) {
    const { kind } = tokens[i]!
    if (kind !== 'name' && kind !== 'word') continue
    for (const relation of byName.get(textAt(i)) ?? []) {
      const qualifier = textAt(i - 1) === '.' ? textAt(i - 2) : undefined
      if (qualifier === undefined || qualifier === relation.schema.toLowerCase()) found.add(relation)
    }
  }
  return found
}

function same(a: RelationName, b: RelationName): boolean {
  return (['database', 'schema', 'identifier'] as const).every(
    (part) => a[part].toLowerCase() === b[part].toLowerCase(),
  )
}
