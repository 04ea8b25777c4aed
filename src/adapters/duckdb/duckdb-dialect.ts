import { type MappedText, MappedTextBuilder } from '../../base/source-map.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { Constant, Dialect } from '../dialect.ts'

function literal(value: Constant): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : `${quoteString(String(value))}::double`
    case 'string':
      return text(value)
  }
  if (isList(value)) return `[${value.map(literal).join(', ')}]`
  const entries = Object.entries(value)
  if (entries.length === 0) return 'map {}'
  return `{${entries.map(([key, item]) => `${text(key)}: ${literal(item)}`).join(', ')}}`
}

function isList(value: Constant): value is readonly Constant[] {
  return Array.isArray(value)
}

/** A NUL would end the statement, so it is written as `chr(0)`. */
function text(value: string): string {
  if (!value.includes('\u0000')) return quoteString(value)
  return `(${value.split('\u0000').map(quoteString).join(' || chr(0) || ')})`
}

/** All three parts: in a database `shop` with a schema `shop`, two parts would be ambiguous. */
function relation(name: RelationName): string {
  return `${quoteIdentifier(name.database)}.${quoteIdentifier(name.schema)}.${quoteIdentifier(name.identifier)}`
}

function wrapped(head: string, body: MappedText, tail: string): MappedText {
  // The line break keeps the closing parenthesis out of a comment that ends the body.
  return new MappedTextBuilder().raw(`${head} as (\n`).append(body).raw(`\n)${tail}`).build()
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
  createView(name, body, options = {}) {
    return wrapped(`create ${options.replace ? 'or replace ' : ''}view ${relation(name)}`, body, '')
  },
  drop: (name, kind) => `drop ${kind} if exists ${relation(name)}`,
  rename: (from, to, kind) => `alter ${kind} ${relation(from)} rename to ${quoteIdentifier(to)}`,
  createSchema: (database, schema) =>
    `create schema if not exists ${quoteIdentifier(database)}.${quoteIdentifier(schema)}`,
  addColumn: (name, column, type) => `alter table ${relation(name)} add column ${quoteIdentifier(column)} ${type}`,
  dropColumn: (name, column) => `alter table ${relation(name)} drop column ${quoteIdentifier(column)}`,
  alterColumnType: (name, column, type) =>
    `alter table ${relation(name)} alter column ${quoteIdentifier(column)} set data type ${type}`,
  nullSafeEqual: (left, right) => `${left} is not distinct from ${right}`,
  commentOn: (name, kind, comment) => `comment on ${kind} ${relation(name)} is ${text(comment)}`,
}
