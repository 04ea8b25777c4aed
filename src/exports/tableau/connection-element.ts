import type { Element } from 'xast'
import { x } from 'xastscript'
import { bracketed } from './field.ts'
import { recordAggregation } from './field-defaults.ts'
import type { TableauConnection, TableauDataSource, TableauTable } from './tableau-data-source.ts'

/** `<connection class='federated'>`: where the rows are, which tables there are and what their columns hold. */
export function connectionElement(source: TableauDataSource): Element {
  const { connection, tables } = source
  return x('connection', { class: 'federated' }, [
    x('named-connections', [
      x('named-connection', { caption: connection.caption, name: connection.id }, [
        namedConnection(connection, tables),
      ]),
    ]),
    tables.length === 1
      ? relation(connection, tables[0]!)
      : x(
          'relation',
          { type: 'collection' },
          tables.map((table) => relation(connection, table)),
        ),
    ...(tables.length === 1 ? [] : [columnMap(tables)]),
    x('metadata-records', tables.flatMap(metadataRecords)),
  ])
}

function namedConnection(connection: TableauConnection, tables: readonly TableauTable[]): Element {
  if (connection.kind === 'hyper')
    return x('connection', {
      authentication: 'auth-none',
      'author-locale': 'en_US',
      class: 'hyper',
      dbname: connection.path,
      'default-settings': 'yes',
      schema: tables[0]!.schema,
      sslmode: '',
      tablename: tables[0]!.relation,
      username: 'tableau_internal_user',
    })
  const { live } = connection
  return x('connection', {
    authentication: 'username-password',
    class: 'postgres',
    dbname: live.database,
    'odbc-native-protocol': 'yes',
    'one-time-sql': '',
    port: String(live.port),
    schema: tables[0]!.schema,
    server: live.host,
    sslmode: live.tls ? 'require' : '',
    username: live.user,
  })
}

function relation(connection: TableauConnection, table: TableauTable): Element {
  return x('relation', {
    connection: connection.id,
    name: relationName(table),
    table: `${bracketed(table.schema)}.${bracketed(table.relation)}`,
    type: 'table',
  })
}

const relationName = (table: TableauTable): string => table.relation

/** Sorted by field, as Tableau has it. */
function columnMap(tables: readonly TableauTable[]): Element {
  const entries = tables.flatMap((table) =>
    table.columns.map((column) => ({
      key: bracketed(column.field),
      value: `${bracketed(relationName(table))}.${bracketed(column.name)}`,
    })),
  )
  entries.sort((a, b) => (a.key < b.key ? -1 : 1))
  return x(
    'cols',
    entries.map((entry) => x('map', entry)),
  )
}

function metadataRecords(table: TableauTable): Element[] {
  return table.columns.map((column, ordinal) => {
    const { datatype, remoteType } = column.kind
    return x('metadata-record', { class: 'column' }, [
      x('remote-name', column.name),
      x('remote-type', String(remoteType)),
      x('local-name', bracketed(column.field)),
      x('parent-name', bracketed(relationName(table))),
      x('remote-alias', column.name),
      x('ordinal', String(ordinal)),
      x('local-type', datatype),
      x('aggregation', recordAggregation(datatype)),
      x('contains-null', 'true'),
      ...(datatype === 'string' ? [x('collation', { flag: '0', name: 'binary' })] : []),
      x('object-id', bracketed(table.objectId)),
    ])
  })
}

/** The logical tables, each over one relation, and how they relate. */
export function objectGraph(source: TableauDataSource): Element {
  const { connection, tables } = source
  const ids = new Map(tables.map((table) => [table.name, table.objectId]))
  return x('object-graph', [
    x(
      'objects',
      tables.map((table) =>
        x('object', { caption: table.caption, id: table.objectId }, [
          x('properties', { context: '' }, [relation(connection, table)]),
        ]),
      ),
    ),
    ...(source.relationships.length === 0
      ? []
      : [
          x(
            'relationships',
            source.relationships.map((relationship) =>
              x('relationship', [
                condition(relationship.on),
                x('first-end-point', { 'object-id': ids.get(relationship.from)! }),
                x('second-end-point', { 'object-id': ids.get(relationship.to)!, 'unique-key': 'true' }),
              ]),
            ),
          ),
        ]),
  ])
}

function condition(pairs: readonly { readonly from: string; readonly to: string }[]): Element {
  const equal = pairs.map(({ from, to }) =>
    x('expression', { op: '=' }, [x('expression', { op: bracketed(from) }), x('expression', { op: bracketed(to) })]),
  )
  return equal.length === 1 ? equal[0]! : x('expression', { op: 'AND' }, equal)
}
