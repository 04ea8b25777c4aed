import { quoteString } from '../../sql/quote.ts'
import type { RelationKind } from '../../sql/relation.ts'
import type { ReaderSchema } from '../reader-schema.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'

/** Views for programs outside; there are no roles in a file. */
export class DuckDbReaders implements ReaderSchema {
  readonly #connection: () => DuckDbConnection

  constructor(connection: () => DuckDbConnection) {
    this.#connection = connection
  }

  async standing(place: { readonly database: string; readonly schema: string }): ReturnType<ReaderSchema['standing']> {
    const of = (table: string, kind: RelationKind) => `select ${kind}_name, '${kind}', comment from ${table}()
where not internal and lower(database_name) = lower(${quoteString(place.database)}) and lower(schema_name) = lower(${quoteString(place.schema)})`
    const { rows } = await this.#connection().query(`select null, null, null from duckdb_schemas()
where lower(database_name) = lower(${quoteString(place.database)}) and lower(schema_name) = lower(${quoteString(place.schema)})
union all ${of('duckdb_views', 'view')} union all ${of('duckdb_tables', 'table')}`)
    if (rows.length === 0) return null
    return rows
      .flatMap(([name, kind, comment]) =>
        name === null
          ? []
          : [
              {
                identifier: String(name),
                kind: kind as RelationKind,
                comment: comment === null ? null : String(comment),
              },
            ],
      )
      .sort((a, b) => (a.identifier < b.identifier ? -1 : 1))
  }
}
