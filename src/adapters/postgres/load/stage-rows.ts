import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import { removeDuplicates } from '../../duckdb/deduplicate.ts'
import { duckDbDialect } from '../../duckdb/duckdb-dialect.ts'
import type { ReadRows } from '../../duckdb/load-site.ts'
import type { TableColumn } from '../../duckdb/load-staging.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { copyColumns, copyText } from './copy-columns.ts'
import { type CopiedColumn, copyRows } from './copy-rows.ts'
import { findUnfit, isBadValue } from './find-unfit.ts'
import { takesText } from './type-map.ts'

export interface StagedCounts {
  readonly rows: number
  readonly duplicates: number
}

/**
 * Copies what was read into the staged table, without duplicates among themselves. Rows with values that Postgres takes for
 * none of their type go to the refused before duplicates are looked for, since they can win against no other row.
 */
export async function stageRows(
  connection: PostgresConnection,
  rows: ReadRows,
  staged: RelationName,
  folder: string,
): Promise<StagedCounts> {
  const stage = new Stage(connection, rows, staged, folder)
  await stage.refuseUnfit(rows.staging.columns.filter(isOfServerOnly))
  try {
    return await stage.copy()
  } catch (error) {
    if (!isBadValue(error)) throw error
    if ((await stage.refuseUnfit(rows.staging.columns.filter(({ stored }) => !takesText(stored)))) === 0) throw error
  }
  return stage.copy()
}

/** True for types that the reader takes for text. */
function isOfServerOnly({ type, family, stored }: TableColumn): boolean {
  return type === 'VARCHAR' && family === 'text' && !takesText(stored)
}

class Stage {
  readonly #connection: PostgresConnection
  readonly #rows: ReadRows
  readonly #staged: RelationName
  readonly #folder: string

  constructor(connection: PostgresConnection, rows: ReadRows, staged: RelationName, folder: string) {
    this.#connection = connection
    this.#rows = rows
    this.#staged = staged
    this.#folder = folder
  }

  get #table(): string {
    return duckDbDialect.relation(this.#rows.staging.table)
  }

  async copy(): Promise<StagedCounts> {
    const { connection: reader, table } = this.#rows.staging
    const { rule } = this.#rows
    // Duplicates go for this attempt only.
    await reader.begin()
    try {
      const duplicates = rule === undefined ? 0 : await removeDuplicates(reader, table, rule)
      const rows = await this.#connection.savepoint(() => this.#createAndCopy())
      await reader.commit()
      return { rows, duplicates }
    } catch (error) {
      await reader.rollback()
      throw error
    }
  }

  async #createAndCopy(): Promise<number> {
    const { columns, request } = this.#rows.staging
    const target = postgresDialect.relation(this.#staged)
    const files = this.#rows.opened.files.map(({ record }) => record.path)
    const constant = files.length === 1 ? ` default ${quoteString(files[0]!)}` : ''
    const defined = [
      ...columns.map(({ name, stored }) => `${quoteIdentifier(name)} ${stored}`),
      `_file text${constant}`,
      '_line bigint',
      `_loaded_at timestamp with time zone default ${quoteString(request.loadedAt)}`,
    ]
    await this.#connection.execute(`create table ${target} (${defined.join(', ')})`)
    const copied: CopiedColumn[] = await this.#copied(columns)
    // What is the same in all rows need not be sent and read a million times.
    if (constant === '') copied.push({ name: '_file', sql: copyText('_file') })
    copied.push({ name: '_line', sql: '_line' })
    const count = await copyRows(this.#connection, this.#source(copied), target)
    const dropped = constant === '' ? '' : 'alter _file drop default, '
    await this.#connection.execute(`alter table ${target} ${dropped}alter _loaded_at drop default`)
    return count
  }

  async #copied(columns: readonly TableColumn[]): Promise<CopiedColumn[]> {
    const values = await copyColumns(this.#rows.staging.connection, this.#table, columns)
    return columns.map(({ name }, i) => ({ name, sql: values[i]! }))
  }

  #source(columns: readonly CopiedColumn[]) {
    return { reader: this.#rows.staging.connection, table: this.#table, columns, folder: this.#folder }
  }

  /** Refuses rows with a value that is none of its column's type; returns how many. */
  async refuseUnfit(suspects: readonly TableColumn[]): Promise<number> {
    if (suspects.length === 0) return 0
    const { staging, opened } = this.#rows
    const values = await this.#copied(suspects)
    const columns = [
      { name: '_file', sql: copyText('_file') },
      { name: '_line', sql: '_line' },
      ...values.map(({ sql }, i) => ({ name: `t${i}`, sql })),
    ]
    const types = suspects.map(({ stored }) => stored)
    const unfit = await findUnfit(this.#connection, this.#staged, { source: this.#source(columns), types })
    for (const file of opened.files) {
      const { path } = file.record
      const bad = unfit.flatMap((value) =>
        value.file === path ? [{ line: value.line, column: staging.columns.indexOf(suspects[value.column]!) }] : [],
      )
      if (bad.length === 0) continue
      await file.refuse(staging, bad)
      const lines = bad.map(({ line }) => line).join(', ')
      await staging.connection.execute(
        `delete from ${this.#table} where _file = ${quoteString(path)} and _line in (select unnest([${lines}]::bigint[]))`,
      )
    }
    return unfit.length
  }
}
