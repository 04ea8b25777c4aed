import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../../src/adapters/adapter.ts'
import { openReader } from '../../../src/adapters/duckdb/open-reader.ts'
import type { LogicalType } from '../../../src/adapters/logical-type.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { onEachDatabase } from '../../on-each-database.ts'
import { everyType } from './every-type.ts'
import { readXlsx } from './read-xlsx.ts'

/** A cell as text that does not depend on how an engine or a format writes it. */
function canonical(cell: Cell, type: LogicalType): string | null {
  if (cell === null) return null
  if (type.kind === 'float') return String(Number(cell))
  if (type.kind === 'decimal')
    return String(cell)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
  if (type.kind === 'json' || type.kind === 'nested') return compact(cell)
  if (type.kind === 'interval') return String(cell).replace(/ 0[0:.]+$/, '')
  return String(cell)
}

/** JSON as it is written, or as a cell has it. */
function compact(cell: Cell): string {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return JSON.stringify(text)
  }
}

onEachDatabase((here) => {
  const projects: TemporaryProject[] = []
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })

  function project(files: { readonly [path: string]: string }): TemporaryProject {
    const made = new TemporaryProject({ 'models/stg_orders.sql': null as never, ...files }, here.database.target)
    projects.push(made)
    return made
  }

  async function built(files: { readonly [path: string]: string }): Promise<TemporaryProject> {
    const made = project(files)
    const { exitCode, found } = await made.build()
    expect({ exitCode, found: found.filter((f) => !f.code.startsWith('exports/xlsx')) }).toEqual({
      exitCode: 0,
      found: [],
    })
    return made
  }

  /** What the relation holds: the truth that files are held against. */
  async function relation(
    name: string,
  ): Promise<{ types: readonly LogicalType[]; names: string[]; rows: (string | null)[][] }> {
    const adapter = await here.database.open()
    const session = await adapter.acquire()
    try {
      const { columns, rows } = await session.query(`select * from main.${name} order by 1`)
      const types = columns.map((c) => adapter.dialect.logicalType(c.type))
      return {
        types,
        names: columns.map((c) => c.name),
        rows: rows.map((row) => row.map((c, i) => canonical(c, types[i]!))),
      }
    } finally {
      await session.release()
      await adapter.close()
    }
  }

  async function read(root: string, sql: string): Promise<readonly (readonly Cell[])[]> {
    const reader = await openReader(root)
    try {
      return (await reader.connection.query(sql)).rows
    } finally {
      reader.close()
    }
  }

  it('hold every type cell by cell', async () => {
    const made = await built({
      'models/every.sql': everyType(here.engine.name),
      'models/exports.yml': `exports:
  - {name: p, from: ref('every'), to: out/every.parquet, options: {order_by: id}}
  - {name: c, from: ref('every'), to: out/every.csv.gz, options: {null_text: '\\N', quote_all: true, order_by: [id]}}
  - {name: j, from: ref('every'), to: out/every.ndjson, options: {order_by: id asc}}
  - {name: x, from: ref('every'), to: out/every.xlsx, options: {order_by: id}}
`,
    })
    const { types, names, rows } = await relation('every')
    const list = names.map((name) => `"${name}"`).join(', ')
    const canon = (read: readonly (readonly Cell[])[]) => read.map((row) => row.map((c, i) => canonical(c, types[i]!)))

    const parquet = join(made.root, 'out/every.parquet')
    expect(canon(await read(made.root, `select ${list} from '${parquet}'`))).toEqual(rows)

    const declared = names.map((name) => `'${name}': 'varchar'`).join(', ')
    const csv = `read_csv('${join(made.root, 'out/every.csv.gz')}', columns={${declared}}, header=true, auto_detect=false, delim=',', quote='"', escape='"', nullstr='\\N', allow_quoted_nulls=false)`
    expect(canon(await read(made.root, `select ${list} from ${csv}`))).toEqual(rows)

    const lines = readFileSync(join(made.root, 'out/every.ndjson'), 'utf8').trimEnd().split('\n')
    const digits = names.filter((_, i) => ['integer', 'decimal'].includes(types[i]!.kind)).join('|')
    const parsed = lines.map((line) => {
      // Numbers as they are written: JavaScript would round them.
      const object = JSON.parse(line.replace(new RegExp(`("(?:${digits})":)(-?[\\d.]+)`, 'g'), '$1"$2"'))
      return names.map((name) => object[name] as Cell)
    })
    expect(canon(parsed)).toEqual(rows)
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual(rows.map(() => names))
    expect(lines[0]).toContain('"wide":12345678901234567890.123456,"price":-99.50,"single":0.1,')
    expect(lines[0]).toContain('12345678901234567890.5]}')

    const [sheet] = readXlsx(join(made.root, 'out/every.xlsx'))
    expect(sheet!.rows[0]).toEqual(names)
    const cells = sheet!.rows
      .slice(1)
      .map((row) => row.map((c, i) => canonical(c, types[i]!)?.replace(/\+00$/, '') ?? null))
    // Excel has no zones; and at the end of its calendar no room for more than milliseconds.
    const shown = rows.map((row) =>
      row.map((text) => text?.replace(/\+00$/, '').replace('59.999999', '59.999') ?? null),
    )
    shown[0]![names.indexOf('clock')] = '23:59:59.999999'
    expect(cells).toEqual(shown)
  })

  it('give text that Excel would round, run or misread as text, and real dates from 1900 on', async () => {
    const made = await built({
      'models/every.sql': everyType(here.engine.name),
      'models/exports.yml': `exports: [{name: x, from: ref('every'), to: out/every.xlsx, options: {order_by: id}}]`,
    })
    const [sheet] = readXlsx(join(made.root, 'out/every.xlsx'))
    const column = (name: string) => sheet!.rows.slice(1).map((row) => row[sheet!.rows[0]!.indexOf(name)])
    expect(column('big')).toEqual(['9223372036854775807', null, '-9223372036854775807', 0, '1234567890123456'])
    expect(column('price')).toEqual([-99.5, null, 0, 9999999.99, 1])
    expect(column('precise')).toEqual([1.7976931348623157e308, null, 'NaN', 5e-324, 0.30000000000000004])
    expect(column('words')[3]).toBe('=1+1\n_x0041_\u0007\r\n 😀 <&> ')
    expect(column('day')).toEqual(['2024-02-29', null, '0001-01-01', '1900-02-28', '9999-12-31'])
    expect(column('flag')).toEqual([true, null, false, true, true])
    expect(sheet!.formats.slice(0, 13)).toEqual([
      '0',
      'General',
      '0',
      '0',
      '0.000000',
      '0.00',
      'General',
      'General',
      '@',
      'yyyy-mm-dd',
      'yyyy-mm-dd hh:mm:ss',
      'yyyy-mm-dd hh:mm:ss',
      'hh:mm:ss',
    ])
    expect([sheet!.frozen, sheet!.filter]).toEqual(['A2', `A1:${here.engine.name === 'duckdb' ? 'W' : 'W'}6`])
    const wide = Math.max(...sheet!.widths)
    expect(wide).toBeLessThanOrEqual(60)
  })

  it('hold empty tables, nulls alone, many rows, and are the same bytes when nothing has changed', async () => {
    const files = {
      'models/empty_one.sql': 'select 1 as id, cast(null as varchar(5)) as words where 1 = 0',
      'models/nothing.sql': 'select cast(null as varchar(5)) as words union all select null union all select null',
      'models/many.sql':
        "select n as id, n * 1.5 as amount, concat('name ', n) as words, date '2024-01-01' as day from generate_series(1, 200000) as t(n)",
      'models/exports.yml': `exports:
  - {name: a, from: ref('empty_one'), to: out/empty_one.parquet}
  - {name: b, from: ref('empty_one'), to: out/empty_one.csv}
  - {name: c, from: ref('empty_one'), to: out/empty_one.ndjson}
  - {name: d, from: "ref('nothing')", to: out/nothing.csv}
  - {name: e, from: ref('nothing'), to: out/nothing.parquet}
  - {name: f, from: ref('nothing'), to: out/nothing.jsonl}
  - {name: g, from: ref('many'), to: out/many.parquet, options: {order_by: id desc, row_group_size: 50000}}
  - {name: h, from: ref('many'), to: out/many.tsv.gz, options: {order_by: id desc}}
  - {name: i, from: ref('many'), to: out/many.jsonl.zst, options: {order_by: id desc}}
  - {name: j, from: [ref('empty_one'), ref('nothing')], to: out/book.xlsx}
  - {name: k, from: ref('many'), to: out/many.xlsx, options: {order_by: id}}
`,
    }
    const made = await built(files)
    const at = (name: string) => join(made.root, 'out', name)
    expect(readFileSync(at('empty_one.csv'), 'utf8')).toBe('id,words\n')
    expect(readFileSync(at('empty_one.ndjson'), 'utf8')).toBe('')
    expect(
      await read(made.root, `select count(*), any_value(typeof(words)) from '${at('empty_one.parquet')}'`),
    ).toEqual([[0, null]])
    expect(readFileSync(at('nothing.csv'), 'utf8')).toBe('words\n\n\n\n')
    expect(readFileSync(at('nothing.jsonl'), 'utf8')).toBe('{"words":null}\n'.repeat(3))
    expect(await read(made.root, `select count(*), count(words) from '${at('nothing.parquet')}'`)).toEqual([[3, 0]])
    const totals = 'count(*), sum(id), sum(amount), count(distinct words), min(day)'
    const expected = [[200_000, 20000100000, 30000150000, 200_000, '2024-01-01']]
    const sums = async (from: string) =>
      (await read(made.root, `select ${totals} from ${from}`)).map((row) =>
        row.map((c) => (/^\d+(\.0+)?$/.test(String(c)) ? Number(c) : c)),
      )
    expect(await sums(`'${at('many.parquet')}'`)).toEqual(expected)
    expect(await sums(`read_csv('${at('many.tsv.gz')}', delim='\t')`)).toEqual(expected)
    expect(await sums(`read_json('${at('many.jsonl.zst')}')`)).toEqual(expected)
    expect(gunzipSync(readFileSync(at('many.tsv.gz'))).toString('utf8', 0, 80)).toMatch(
      /^id\tamount\twords\tday\n200000\t/,
    )
    const book = readXlsx(at('book.xlsx'))
    expect(book.map((sheet) => [sheet.name, sheet.rows.length])).toEqual([
      ['empty_one', 1],
      ['nothing', 4],
    ])
    const sheet = strFromU8(unzipSync(readFileSync(at('many.xlsx')))['xl/worksheets/sheet1.xml']!)
    const ids = [
      ...sheet.matchAll(/<row r="(\d+)"><c r="A\1" s="\d"><v>(\d+)<\/v><\/c><c r="B\1" s="\d"><v>([\d.]+)<\/v>/g),
    ]
    expect([ids.length, ids.reduce((sum, [, , id]) => sum + Number(id), 0)]).toEqual([200_000, 20000100000])
    expect(sheet).toContain('</row></sheetData><autoFilter ref="A1:D200001"/></worksheet>')

    const names = ['many.parquet', 'many.tsv.gz', 'many.jsonl.zst', 'many.xlsx', 'book.xlsx']
    const hashes = () =>
      names.map((name) =>
        createHash('sha256')
          .update(readFileSync(at(name)))
          .digest('hex'),
      )
    const before = hashes()
    expect((await made.build()).exitCode).toBe(0)
    expect(hashes()).toEqual(before)
  }, 180_000)
})
