import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { InternalError, UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { quoteString } from '../../sql/quote.ts'
import { type FileColumn, normal, placesOf } from '../load/header.ts'
import { keepLongNumbers, readJsonElements, readJsonLines } from '../load/json-elements.ts'
import { fileUnreadable } from '../load/load-errors.ts'
import { RowWriter } from '../load/row-writer.ts'
import type { TextFile } from '../load/text-file.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import {
  type BadValue,
  badValuesSql,
  type CellSource,
  insertSql,
  markBadRows,
  notOfType,
  readWrittenRows,
  type Staging,
} from './load-staging.ts'

/**
 * A JSON file whose values have been split: a temporary table of `place`, `line`, `raw` and `json`. `place` becomes
 * `_line`: the element of an array, the physical line of newline-delimited JSON.
 */
export interface JsonFile {
  readonly path: string
  /** SQL name of the temporary table. */
  readonly table: string
  readonly rows: number
  /** How many of them are objects. */
  readonly objects: number
  /** Keys of its objects in order of appearance, and the type that all their values share. */
  readonly keys: readonly { readonly key: string; readonly type: string }[]
}

/** Types of JSON values, as they are kept when YAML does not say another; a mixture is text. */
const OWN_TYPE: { readonly [jsonType: string]: string } = {
  BOOLEAN: 'BOOLEAN',
  BIGINT: 'BIGINT',
  UBIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'VARCHAR',
  ARRAY: 'JSON',
  OBJECT: 'JSON',
}

/** The escape of a NUL: no table can hold one. */
const NUL_ESCAPE = /(?<!\\)(\\\\)*\\u0000/

/** Splits a file into its values. `folder` takes a copy of them for a moment. Raises `UserError` when an array is cut off. */
export async function splitJson(
  connection: DuckDbConnection,
  source: { path: string; text: TextFile; format: 'json' | 'ndjson'; folder: string; index: number; span: Span },
): Promise<JsonFile> {
  const { path, text, format, folder } = source
  const table = `tsdbt_json_${source.index}`
  const output = join(folder, 'values.csv')
  const writer = new RowWriter(output)
  const read = format === 'json' ? readJsonElements : readJsonLines
  try {
    const whole = read(text.absolutePath, text.traits.bomBytes, (line, raw) => {
      writer.text(String(format === 'json' ? writer.rows + 1 : line))
      writer.text(String(line))
      writer.text(raw.includes('\u0000') ? raw.replaceAll('\u0000', '\u2400') : raw)
      writeJson(writer, raw)
      writer.end()
    })
    writer.close()
    if (!whole) {
      throw new UserError(fileUnreadable({ path, reason: 'its array is never closed' }, { span: source.span }))
    }
    const written = readWrittenRows(output, ['place', 'line', 'raw', 'changed'], writer.longest)
    const from = `(select place, line, raw, coalesce(changed, raw) as json from ${written})`
    const keys = 'try(json_keys(json))'
    const json = `case when json_valid(json) and json_type(json) = 'OBJECT' and len(${keys}) = len(list_distinct(${keys})) then json::json end as json`
    await connection.execute(
      `create or replace temporary table ${table} as select place::bigint as place, line::bigint as line, raw, ${json} from ${from}`,
    )
  } finally {
    writer.close()
    rmSync(output, { force: true })
  }
  const { rows } = await connection.query(`select count(json) from ${table}`)
  return { path, table, rows: writer.rows, objects: Number(rows[0]![0]), keys: await keysOf(connection, table) }
}

/** The value as it is to be read: null when that is the text itself, `""` when it can be no value. */
function writeJson(writer: RowWriter, raw: string): void {
  // A NUL makes a value invalid, however it is placed.
  if (raw.includes('\u0000') || (raw.includes('\\u0000') && NUL_ESCAPE.test(raw))) writer.text('')
  else {
    const kept = keepLongNumbers(raw)
    if (kept === raw) writer.null()
    else writer.text(kept)
  }
}

async function keysOf(connection: DuckDbConnection, table: string): Promise<JsonFile['keys']> {
  const { rows } =
    await connection.query(`select key, list(distinct json_type(json, '/' || replace(replace(key, '~', '~0'), '/', '~1'))) as types
from (select place, json, unnest(json_keys(json)) as key, unnest(range(len(json_keys(json)))) as position from ${table} where json is not null)
group by key order by min((place, position)), key`)
  return rows.map(([key, types]) => {
    const own = new Set(
      (types as readonly string[]).filter((t) => t !== 'NULL' && t !== null).map((t) => OWN_TYPE[t] ?? 'VARCHAR'),
    )
    return { key: String(key), type: commonType(own) }
  })
}

function commonType(types: ReadonlySet<string>): string {
  if (types.size === 1) return [...types][0]!
  if (types.size === 2 && types.has('BIGINT') && types.has('DOUBLE')) return 'DOUBLE'
  return 'VARCHAR'
}

/** The SQL of a key's value as text; null for JSON's null. */
function textOf(key: string): string {
  return `(json ->> ${quoteString(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`
}

/** Loads the values of a split file into the staged table. Returns the number of values. */
export async function loadJson(staging: Staging, file: JsonFile, columns: readonly FileColumn[]): Promise<number> {
  const { connection, refused } = staging
  const before = refused.count
  const places = placesOf(columns)
  const cells = staging.columns.map((column): CellSource => {
    const place = places.get(normal(column.inFiles))
    return place === undefined ? { kind: 'absent' } : { kind: 'text', sql: textOf(file.keys[place]!.key) }
  })
  await markBadRows(staging)
  await connection.execute(
    insertSql(staging, { file: file.path, from: `${file.table} where json is not null`, line: 'place', cells }),
  )
  const invalid = await connection.query(
    `select place, line, raw, case when json_valid(raw) and json_type(raw) = 'OBJECT' then try(json_keys(raw)) end
from ${file.table} where json is null order by place`,
  )
  for (const [place, line, raw, keys] of invalid.rows) {
    const reason = whyInvalid(keys as readonly string[] | null)
    refused.add(file.path, { line: Number(place), physicalLine: Number(line), reason, raw: String(raw) })
  }
  const isBad = `_bad is not null and _file = ${quoteString(file.path)}`
  const table = duckDbDialect.relation(staging.table)
  const bad = await refuseFrom(staging, file, columns, `(select _line, _bad from ${table} where ${isBad})`)
  await connection.execute(`delete from ${table} where ${isBad}`)
  if (refused.count - before !== bad + invalid.rows.length)
    throw new InternalError(`${file.path}: refused rows were lost`)
  return file.rows
}

/** Drops what is kept of the file for `refuseJson`. */
export async function closeJson(connection: DuckDbConnection, file: JsonFile): Promise<void> {
  await connection.execute(`drop table if exists ${file.table}`)
}

/** Puts rows to the refused whose values the target refuses, though they could be read. */
export async function refuseJson(
  staging: Staging,
  file: JsonFile,
  columns: readonly FileColumn[],
  bad: readonly BadValue[],
): Promise<void> {
  await refuseFrom(staging, file, columns, badValuesSql(bad))
}

/** `keys` of a value that is an object and still refused. */
function whyInvalid(keys: readonly string[] | null): string {
  if (keys === null) return 'this is no JSON object'
  const twice = keys.find((key, i) => keys.indexOf(key) < i)
  return twice === undefined ? 'the text holds a NUL character' : `the key \`${twice}\` stands twice`
}

/** @param bad SQL of rows of `_line` and `_bad` */
async function refuseFrom(
  staging: Staging,
  file: JsonFile,
  columns: readonly FileColumn[],
  bad: string,
): Promise<number> {
  const { connection, refused } = staging
  const places = placesOf(columns)
  const values = staging.columns.map((column, i) => {
    const place = places.get(normal(column.inFiles))
    return place === undefined ? '' : ` when ${i + 1} then ${textOf(file.keys[place]!.key)}`
  })
  const { rows } =
    await connection.query(`select j.place, j.line, s._bad, j.raw, case s._bad${values.join('') || ' when 0 then null'} end
from ${bad} s join ${file.table} j on j.place = s._line order by 1`)
  for (const [place, line, index, raw, cell] of rows) {
    const column = staging.columns[Number(index) - 1]!
    refused.add(file.path, {
      line: Number(place),
      physicalLine: Number(line),
      column: column.name,
      reason: notOfType(String(cell), column),
      raw: String(raw),
    })
  }
  return rows.length
}
