import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { HyperVersion } from './hyper-service.ts'

/** A table of a `.hyper` file. */
export interface HyperTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly {
    readonly name: string
    /** Hyper's own name of it. */
    readonly type: string
    readonly description: string
  }[]
  /** Empty when there is none. */
  readonly primaryKey: readonly string[]
}

/** A key that Hyper takes on trust, and Tableau makes a relationship of. */
export interface HyperForeignKey {
  readonly from: HyperTable
  readonly columns: readonly string[]
  readonly to: HyperTable
}

/** How Hyper writes names, as standard SQL does. The only quoting for `hyperd`, which takes no parameters. */
export const hyperName = quoteIdentifier

/** Text for Hyper; a backslash means itself. */
const hyperText = quoteString

export function hyperTableName({ schema, name }: Pick<HyperTable, 'schema' | 'name'>): string {
  return `${hyperName(schema)}.${hyperName(name)}`
}

export function createDatabase(path: string, version: HyperVersion): string {
  return `create database ${hyperName(path)} with version ${version}`
}

export function detachDatabase(path: string): string {
  return `detach database ${hyperName(path)}`
}

/** The statements that make an empty table; descriptions of columns are kept, Hyper knows none of tables. */
export function createTable(table: HyperTable): readonly string[] {
  const keys = new Set(table.primaryKey)
  const columns = table.columns.map(
    ({ name, type }) => `${hyperName(name)} ${type}${keys.has(name) ? ' not null' : ''}`,
  )
  return [
    `create table ${hyperTableName(table)} (${columns.join(', ')})`,
    ...table.columns
      .filter(({ description }) => description !== '')
      .map(
        ({ name, description }) =>
          `comment on column ${hyperTableName(table)}.${hyperName(name)} is ${hyperText(description)}`,
      ),
    ...(keys.size === 0
      ? []
      : [`alter table ${hyperTableName(table)} add assumed primary key (${nameList(table.primaryKey)})`]),
  ]
}

export function addForeignKey({ from, columns, to }: HyperForeignKey): string {
  const target = `${hyperTableName(to)} (${nameList(to.primaryKey)})`
  return `alter table ${hyperTableName(from)} add assumed foreign key (${nameList(columns)}) references ${target}`
}

/** Reads a Parquet file whose columns have the table's names. */
export function insertFromParquet(table: HyperTable, path: string): string {
  const names = nameList(table.columns.map(({ name }) => name))
  return `insert into ${hyperTableName(table)} (${names}) select ${names} from external(${hyperText(path)}, format => 'parquet')`
}

/** Takes CSV with a header, null as `\N`. */
export function copyFromCsv(table: HyperTable): string {
  const names = nameList(table.columns.map(({ name }) => name))
  return `copy ${hyperTableName(table)} (${names}) from stdin with (format csv, header, null '\\N')`
}

export function countRows(table: HyperTable): string {
  return `select count(*) from ${hyperTableName(table)}`
}

function nameList(names: readonly string[]): string {
  return names.map(hyperName).join(', ')
}
