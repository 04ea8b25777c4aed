import { InternalError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationKind, RelationName } from '../../sql/relation.ts'
import type { Constant, Dialect } from '../dialect.ts'
import { isListConstant, textLiteral, wrapped } from '../sql-text.ts'
import { bodyOf, createMacro } from './create-function.ts'
import { logicalType } from './duckdb-logical-type.ts'

function literal(value: Constant): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : `${quoteString(String(value))}::double`
    case 'string':
      return textLiteral(value)
  }
  if (isListConstant(value)) return `[${value.map(literal).join(', ')}]`
  const entries = Object.entries(value)
  if (entries.length === 0) return 'map {}'
  return `{${entries.map(([key, item]) => `${textLiteral(key)}: ${literal(item)}`).join(', ')}}`
}

/** All three parts: in a database `shop` with a schema `shop`, two parts would be ambiguous. */
function relation(name: RelationName): string {
  return `${quoteIdentifier(name.database)}.${quoteIdentifier(name.schema)}.${quoteIdentifier(name.identifier)}`
}

/** DuckDB has no materialized views, and refuses the word. */
function word(kind: RelationKind): string {
  if (kind === 'materialized_view') throw new InternalError('DuckDB has no materialized views')
  return kind
}

/** DuckDB's SQL. Views bind by name, so relations may be replaced under them. */
export const duckDbDialect: Dialect = {
  engine: 'duckdb',
  identifier: quoteIdentifier,
  literal,
  relation,
  createTableAs(name, body, options = {}) {
    const words = ['create', options.replace ? 'or replace' : '', options.temporary ? 'temporary' : '', 'table']
    const target = options.temporary ? quoteIdentifier(name.identifier) : relation(name)
    const head = `${words.filter((w) => w !== '').join(' ')} ${target}`
    return wrapped(head, body, options.empty ? ' with no data' : '')
  },
  createFunction: (spec) => createMacro(spec, relation),
  dropFunction: (name) => [name, bodyOf(name)].map((macro) => `drop macro if exists ${relation(macro)}`),
  createView(name, body, options = {}) {
    return wrapped(`create ${options.replace ? 'or replace ' : ''}view ${relation(name)}`, body, '')
  },
  drop: (name, kind) => `drop ${word(kind)} if exists ${relation(name)}`,
  rename: (from, to, kind) => `alter ${word(kind)} ${relation(from)} rename to ${quoteIdentifier(to)}`,
  createSchema: (database, schema) =>
    `create schema if not exists ${quoteIdentifier(database)}.${quoteIdentifier(schema)}`,
  addColumn: (name, column, type) => `alter table ${relation(name)} add column ${quoteIdentifier(column)} ${type}`,
  dropColumn: (name, column) => `alter table ${relation(name)} drop column ${quoteIdentifier(column)}`,
  alterColumnType: (name, column, type) =>
    `alter table ${relation(name)} alter column ${quoteIdentifier(column)} set data type ${type}`,
  logicalType,
  nullSafeEqual: (left, right) => `${left} is not distinct from ${right}`,
  nullSafeJoin: (left, right) => `${left} is not distinct from ${right}`,
  commentOn: (name, kind, comment) => `comment on ${word(kind)} ${relation(name)} is ${textLiteral(comment)}`,
  commentOnColumn: (name, column, comment) =>
    `comment on column ${relation(name)}.${quoteIdentifier(column)} is ${textLiteral(comment)}`,
}
