import { InternalError } from '../../base/errors.ts'
import { quoteIdentifier } from '../../sql/quote.ts'
import type { RelationKind, RelationName } from '../../sql/relation.ts'
import type { Constant, Dialect, RowStorage } from '../dialect.ts'
import { isListConstant, textLiteral, wrapped } from '../sql-text.ts'
import { createSqlFunction } from './create-function.ts'
import { logicalType } from './postgres-logical-type.ts'

function literal(value: Constant): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : `'${value}'::double precision`
    case 'string':
      return textLiteral(value)
  }
  // An empty list takes the type that is wanted where it stands, as a text constant does.
  if (isListConstant(value)) return value.length === 0 ? `'{}'` : `array[${value.map(literal).join(', ')}]`
  return `${textLiteral(json(value))}::jsonb`
}

/** JSON has no bigint, no NaN and no infinity: the first is a number all the same, the others are text. */
function json(value: Constant): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value))
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isListConstant(value)) return `[${value.map(json).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${json(item)}`)
    .join(', ')}}`
}

/** With the database, so that the server refuses a relation of another one instead of making it in this. */
function relation(name: RelationName): string {
  return `${quoteIdentifier(name.database)}.${quoteIdentifier(name.schema)}.${quoteIdentifier(name.identifier)}`
}

const KINDS: { readonly [kind in RelationKind]: string } = {
  table: 'table',
  view: 'view',
  materialized_view: 'materialized view',
}

/** Types without `=`. */
const INCOMPARABLE = /^(json|xml|point|line|lseg|box|path|polygon|circle)(\[\])*$/

/** What stands between the name of a new relation and its query. */
export function rowStorage({ fillfactor, tablespace }: Partial<RowStorage> = {}): string {
  const options = fillfactor == null ? '' : ` with (fillfactor = ${fillfactor})`
  return `${options}${tablespace == null ? '' : ` tablespace ${quoteIdentifier(tablespace)}`}`
}

/** Postgres's SQL. Relations bind by identity, so there is no `create or replace table`. */
export const postgresDialect: Dialect = {
  engine: 'postgres',
  maxIdentifierBytes: 63,
  identifier: quoteIdentifier,
  literal,
  relation,
  createTableAs(name, body, options = {}) {
    if (options.replace) throw new InternalError('Postgres cannot replace a table in one statement')
    const target = options.temporary ? quoteIdentifier(name.identifier) : relation(name)
    const { storage } = options
    const kind = options.temporary ? 'temporary ' : storage?.unlogged ? 'unlogged ' : ''
    const head = `create ${kind}table ${target}${rowStorage(storage)}`
    return wrapped(head, body, options.empty ? ' with no data' : '')
  },
  createFunction: (spec) => createSqlFunction(spec, relation),
  dropFunction: (name) => [`drop function if exists ${relation(name)}`],
  createView(name, body, options = {}) {
    return wrapped(`create ${options.replace ? 'or replace ' : ''}view ${relation(name)}`, body, '')
  },
  drop: (name, kind) => `drop ${KINDS[kind]} if exists ${relation(name)}`,
  rename: (from, to, kind) => `alter ${KINDS[kind]} ${relation(from)} rename to ${quoteIdentifier(to)}`,
  createSchema: (_, schema) => `create schema if not exists ${quoteIdentifier(schema)}`,
  addColumn: (name, column, type) => `alter table ${relation(name)} add column ${quoteIdentifier(column)} ${type}`,
  dropColumn: (name, column) => `alter table ${relation(name)} drop column ${quoteIdentifier(column)}`,
  alterColumnType: (name, column, type) => {
    const quoted = quoteIdentifier(column)
    return `alter table ${relation(name)} alter column ${quoted} type ${type} using ${quoted}::${type}`
  },
  comparableType: (type) => (type === 'character varying' ? 'text' : type),
  logicalType,
  nullSafeEqual: (left, right) => `${left} is not distinct from ${right}`,
  // Postgres can neither hash nor sort by `is not distinct from`; within arrays null equals null.
  nullSafeJoin: (left, right) => `array[${left}] = array[${right}]`,
  comparable: (expression, type) => (INCOMPARABLE.test(type) ? `(${expression})::text` : expression),
  createMaterializedView(name, body, options = {}) {
    const head = `create materialized view ${relation(name)}${rowStorage(options.storage)}`
    return wrapped(head, body, options.empty ? ' with no data' : '')
  },
  commentOn: (name, kind, comment) => `comment on ${KINDS[kind]} ${relation(name)} is ${textLiteral(comment)}`,
  commentOnColumn: (name, column, comment) =>
    `comment on column ${relation(name)}.${quoteIdentifier(column)} is ${textLiteral(comment)}`,
}
