import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { onEachDatabase } from '../../on-each-database.ts'
import { readXlsx } from './read-xlsx.ts'

const MODEL = `select 1 as id, 1234.5 as amount, 'Grüße; "ja"' as words, date '2024-02-29' as day,
  timestamptz '2024-02-29 10:00:00+02' as zoned, cast(null as varchar(5)) as empty_`

describe('files', () => {
  const projects: TemporaryProject[] = []
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })

  function project(exports: string, model = MODEL, target?: TemporaryProject): TemporaryProject {
    const made = target ?? new TemporaryProject({}, undefined)
    made.write({ 'models/stg_orders.sql': null, 'models/m.sql': model, 'models/e.yml': `exports:\n${exports}` })
    projects.push(made)
    return made
  }

  onEachDatabase((here) => {
    const on = (exports: string, model = MODEL) =>
      project(exports, model, new TemporaryProject({}, here.database.target))

    it('follow the dialect, the encoding and the ending of a CSV', async () => {
      const made = on(`  - {name: a, from: ref('m'), to: out/a.csv}
  - {name: b, from: ref('m'), to: out/b.csv, options: {dialect: excel-semicolon, date_format: '%d.%m.%Y', timestamp_format: '%H:%M'}}
  - {name: c, from: ref('m'), to: out/c.tsv, options: {encoding: utf-16}}
  - {name: d, from: ref('m'), to: out/d.csv.gz, options: {dialect: excel, encoding: latin-1, header: false, null_text: 'NULL'}}
  - {name: e, from: ref('m'), to: out/e.csv, options: {dialect: rfc4180, quote: "'", escape: '\\', quote_all: true}}
`)
      expect(await made.build()).toMatchObject({ exitCode: 0, found: [] })
      const at = (name: string) => readFileSync(join(made.root, 'out', name))
      expect(at('a.csv').toString()).toBe(
        'id,amount,words,day,zoned,empty_\n1,1234.5,"Grüße; ""ja""",2024-02-29,2024-02-29 08:00:00+00,\n',
      )
      expect(at('b.csv').toString()).toBe(
        '\ufeffid;amount;words;day;zoned;empty_\r\n1;1234,5;"Grüße; ""ja""";29.02.2024;08:00;\r\n',
      )
      expect(at('c.tsv').toString('utf16le')).toMatch(/^\ufeffid\tamount\twords\t.*\n1\t1234\.5\t"Grüße; ""ja"""\t/)
      expect(gunzipSync(at('d.csv.gz')).toString('latin1')).toBe(
        '1,1234.5,"Grüße; ""ja""",2024-02-29,2024-02-29 08:00:00+00,NULL\r\n',
      )
      expect(at('e.csv').toString()).toMatch(/^'id','amount','words',.*\r\n'1','1234\.5','Grüße; "ja"','2024-02-29'/)
    })

    it('are not made when a value has no place in them, and the file that was there stays', async () => {
      const made = on(`  - {name: a, from: ref('m'), to: out/a.csv, options: {encoding: latin-1}}
  - {name: b, from: ref('m'), to: out/b.xlsx}
`)
      expect((await made.build()).exitCode).toBe(0)
      const before = ['a.csv', 'b.xlsx'].map((name) => readFileSync(join(made.root, 'out', name)))
      made.write({
        'models/m.sql': `select 1 as id, 'x' as words union all select 2, concat('5 €', repeat('y', 33000))`,
      })
      made.write({
        'models/e.yml': `exports:
  - {name: a, from: ref('m'), to: out/a.csv, on_schema_change: allow, options: {encoding: latin-1, order_by: [id]}}
  - {name: b, from: ref('m'), to: out/b.xlsx, on_schema_change: allow, options: {order_by: [id]}}
`,
      })
      const { exitCode, found } = await made.build()
      expect(exitCode).toBe(1)
      expect(found.map((f) => [f.code, f.text])).toEqual([
        ['exports/csv-character', expect.stringContaining('line 3 of the file would hold `€` (U+20AC)')],
        [
          'exports/xlsx-text',
          expect.stringContaining('row 2 of `m` has 33,003 characters in `words`, and a cell holds 32,767'),
        ],
      ])
      expect(['a.csv', 'b.xlsx'].map((name) => readFileSync(join(made.root, 'out', name)))).toEqual(before)
      expect(readdirSync(join(made.root, 'out')).filter((name) => !/^[ab]\./.test(name))).toEqual([])
    })

    it('name column and value that Parquet has no place for, and say how many were made null or rounded', async () => {
      const files = (options: string) => `  - {name: a, from: ref('m'), to: out/a.parquet${options}}
  - {name: b, from: ref('m'), to: out/b, format: pbip${options}}
`
      const wide =
        here.engine.name === 'postgres' ? "'12345678901234567890.5'::numeric" : '12345678901234567890::hugeint'
      const model = `select cast('infinity' as date) as day, ${wide} as amount union all select date '2024-01-01', 1`
      const made = on(files(''), model)
      const type = here.engine.name === 'postgres' ? ['date', 'numeric'] : ['DATE', 'HUGEINT']
      const { exitCode, found } = await made.build()
      const fault = `\`day\` of \`m\` (${type[0]}) holds \`infinity\`, which has no place in a Parquet file`
      expect([exitCode, ...found.map((f) => `${f.at} ${f.code} ${f.text.split('\n')[0]}`)]).toEqual([
        1,
        `models/e.yml:2:12 exports/parquet-value ${fault}`,
        `models/e.yml:3:12 exports/parquet-value ${fault}`,
      ])
      expect(existsSync(join(made.root, 'out')) ? readdirSync(join(made.root, 'out')) : []).toEqual([])
      made.write({ 'models/e.yml': `exports:\n${files(', options: {out_of_range: null}')}` })
      const allowed = await made.build()
      expect([allowed.exitCode, ...allowed.found.map((f) => `${f.at} ${f.text.split('\n')[0]}`).sort()]).toEqual([
        0,
        `models/e.yml:2:12 values of \`m\` without a place in a Parquet file were written as null: \`day\` (${type[0]}, 1 value)`,
        `models/e.yml:3:12 numbers of \`m\` have more digits than the double in the file keeps: \`amount\` (${type[1]}, 1 value)`,
        `models/e.yml:3:12 values of \`m\` without a place in a Parquet file were written as null: \`day\` (${type[0]}, 1 value)`,
      ])
    })

    it('are cut where that is allowed, with a warning', async () => {
      const made = on(
        `  - {name: b, from: ref('m'), to: out/b.xlsx, options: {too_long: cut, too_many_rows: cut}}\n`,
        `select n as id, case when n = 3 then repeat('y', 40000) else 'x' end as words from generate_series(1, 5) as t(n)`,
      )
      const { exitCode, found } = await made.build()
      expect([exitCode, found.map((f) => [f.code, f.text])]).toEqual([
        0,
        [
          [
            'exports/xlsx-text-cut',
            expect.stringContaining('1 text of `m` was cut to 32,767 characters, first in row 3, column `words`'),
          ],
        ],
      ])
      const [sheet] = readXlsx(join(made.root, 'out/b.xlsx'))
      expect(sheet!.rows.map((row) => String(row[1]).length)).toEqual([5, 1, 1, 32767, 1, 1])
    })

    it('are refused when there is more than a sheet can hold, before anything is written', async () => {
      const made = on(
        `  - {name: b, from: ref('m'), to: out/b.xlsx}\n  - {name: c, from: ref('m'), to: out/c.csv, options: {order_by: [idd]}}\n`,
        'select n as id from generate_series(1, 1048576) as t(n)',
      )
      const { exitCode, found } = await made.build()
      expect([exitCode, found.map((f) => [f.code, f.text])]).toEqual([
        1,
        [
          [
            'exports/xlsx-rows',
            expect.stringContaining('`m` has 1,048,576 rows, and a sheet has room for 1,048,575 below its header'),
          ],
          [
            'exports/order-column',
            expect.stringContaining('`order_by` names `idd`, which is no column of what is exported'),
          ],
        ],
      ])
      expect(existsSync(join(made.root, 'out/b.xlsx'))).toBe(false)
    })
  })

  it.each([
    ['to: a.csv, options: {dialect: excell}', 'config/wrong-value', '`excell` is no `dialect`', 'excell'],
    [`to: a.csv, options: {delimiter: '\\t'}`, 'config/export-option', 'not one ASCII character', `'\\t'`],
    [`to: a.csv, options: {delimiter: '"'}`, 'config/export-option', 'the same character', `'"'`],
    ['to: a.csv, options: {null_text: "a,b"}', 'config/export-option', 'holds the delimiter', '"a,b"'],
    ['to: a.csv.gz, options: {compression: none}', 'config/export-option', 'does not fit the name', 'none'],
    ['to: a.csv, options: {date_format: DD.MM.YYYY}', 'config/export-option', 'not a pattern of strftime', 'DD.MM'],
    ['to: a.csv.zst, options: {dialect: excel}', 'config/export-option', 'UTF-8 without a byte order mark', 'excel'],
    ['to: a.csv, options: {bom: true, encoding: latin-1}', 'config/export-option', 'no byte order mark', 'true'],
    ['to: a.parquet, options: {row_group_size: 10}', 'config/wrong-type', 'from 2048 on', '10'],
    ['to: a.ndjson, options: {header: true}', 'config/unknown-key', 'unknown key `header`', 'header'],
    ['to: a.xlsx, options: {date_format: "%Y"}', 'config/export-option', 'not a number format of Excel', '"%Y"'],
    ['to: a.xlsx, options: {too_long: clip}', 'config/wrong-value', '`clip` is no `too_long`', 'clip'],
  ])('%s is refused before anything runs', async (entry, code, text, place) => {
    const line = `  - {name: a, from: ref('m'), ${entry}}`
    const made = project(`${line}\n`)
    const { exitCode, found } = await made.build()
    expect([exitCode, found.length]).toEqual([2, 1])
    expect(found[0]).toMatchObject({ code, text: expect.stringContaining(text) })
    expect(found[0]!.at).toBe(`models/e.yml:2:${line.lastIndexOf(place) + 1}`)
  })
})
