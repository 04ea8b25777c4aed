import type { ResultColumn } from '../adapter.ts'
import type { ConstraintRequest, ConstraintSpec, TableConstraints } from '../constraints.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

const { identifier, literal, relation } = duckDbDialect

/** DuckDB takes constraints when a table is made and hardly later, so that a table is written anew to change them. */
export class DuckDbConstraints implements TableConstraints {
  readonly #own: () => DuckDbConnection

  /** @param own raises when the connection was given back */
  constructor(own: () => DuckDbConnection) {
    this.#own = own
  }

  /** The engine writes conditions in words of its own, so an empty table with the declared ones is what to compare with. */
  async differ({ table, constraints, aside, incoming }: ConstraintRequest): Promise<boolean> {
    const connection = this.#own()
    const standing = await this.#written(table.database, table.schema, table.identifier)
    if (constraints.length === 0) return standing.length > 0
    const columns = await this.#columns(table)
    const known = new Set(columns.map((c) => c.name.toLowerCase()))
    const more = incoming === undefined ? [] : await this.#columns(incoming)
    const all = [...columns, ...more.filter((c) => !known.has(c.name.toLowerCase()))]
    await connection.execute(createTable(relation(aside), all, constraints))
    const wanted = await this.#written(aside.database, aside.schema, aside.identifier)
    await connection.execute(`drop table ${relation(aside)}`)
    return standing.join('\n') !== wanted.join('\n')
  }

  loosen(request: ConstraintRequest): Promise<void> {
    return this.#rewrite(request, [])
  }

  async ensure(request: ConstraintRequest): Promise<void> {
    if (await this.differ(request)) await this.#rewrite(request, request.constraints)
  }

  async #rewrite({ table, aside }: ConstraintRequest, constraints: readonly ConstraintSpec[]): Promise<void> {
    const connection = this.#own()
    await connection.execute(createTable(relation(aside), await this.#columns(table), constraints))
    await connection.execute(`insert into ${relation(aside)} select * from ${relation(table)}`)
    await connection.execute(`drop table ${relation(table)}`)
    await connection.execute(duckDbDialect.rename(aside, table.identifier, 'table'))
  }

  async #columns(table: ConstraintRequest['table']): Promise<readonly ResultColumn[]> {
    return (await this.#own().query(`from ${relation(table)} limit 0`)).columns
  }

  async #written(database: string, schema: string, table: string): Promise<readonly string[]> {
    const { rows } = await this.#own().query(`select distinct constraint_type, constraint_column_names::text, expression
from duckdb_constraints() where database_name = ${literal(database)} and schema_name = ${literal(schema)}
  and table_name = ${literal(table)}`)
    return rows.map((row) => row.map(String).join(' ')).sort()
  }
}

function createTable(name: string, columns: readonly ResultColumn[], constraints: readonly ConstraintSpec[]): string {
  const lines = [...columns.map((c) => `${identifier(c.name)} ${c.type}`), ...constraints.flatMap(tableConstraint)]
  const required = constraints.filter((c) => c.kind === 'not_null').flatMap((c) => c.columns)
  const isRequired = (name: string) => required.some((r) => r.toLowerCase() === name.toLowerCase())
  const made = columns.map((c, i) => (isRequired(c.name) ? `${lines[i]} not null` : lines[i]))
  return `create table ${name} (\n  ${[...made, ...lines.slice(columns.length)].join(',\n  ')}\n)`
}

function tableConstraint({ kind, name, columns, expression }: ConstraintSpec): readonly string[] {
  const head = name === null ? '' : `constraint ${identifier(name)} `
  const keys = columns.map(identifier).join(', ')
  switch (kind) {
    case 'not_null':
      return []
    case 'check':
      return [`${head}check (${expression})`]
    case 'custom':
      return [`${head}${expression}`]
    default:
      return [
        `${head}${kind === 'unique' ? 'unique' : 'primary key'} (${keys})${expression === null ? '' : ` ${expression}`}`,
      ]
  }
}
