import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import { column, counts, loadingOnEachEngine } from './loading.ts'

interface Case {
  readonly content: string | Buffer
  readonly file?: string
  readonly columns?: readonly string[]
  readonly files?: Partial<FilesSpec>
  /** Input, accepted, quarantined, duplicate. */
  readonly counts: readonly number[]
  /** Declared columns, then `_line`; ordered by `_line`. */
  readonly rows: readonly (readonly unknown[])[]
  /** `_line, _column, _reason, _raw` */
  readonly refused?: readonly (readonly unknown[])[]
  readonly codes?: readonly string[]
}

const plain = ['id bigint', 'name']

const cases: Readonly<Record<string, Case>> = {
  'a plain file': {
    content: 'id,name\n1,a\n2,b\n',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 2],
      [2, 'b', 3],
    ],
  },
  'no line break at the end': {
    content: 'id,name\n1,a\n2,b',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 2],
      [2, 'b', 3],
    ],
  },
  CRLF: {
    content: 'id,name\r\n1,a\r\n2,b\r\n',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 2],
      [2, 'b', 3],
    ],
  },
  'CR only': {
    content: 'id,name\r1,a\r2,b\r',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 2],
      [2, 'b', 3],
    ],
  },
  'mixed line breaks': {
    content: 'id,name\r\n1,a\n2,b\r\n',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 2],
      [2, 'b', 3],
    ],
  },
  'blank lines': {
    content: '\nid,name\n\n1,a\n  \n\n2,b\n\n',
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 4],
      [2, 'b', 7],
    ],
  },
  'short rows': {
    content: 'id,name\n1\n2,b\n3\n',
    counts: [3, 3, 0, 0],
    rows: [
      [1, null, 2],
      [2, 'b', 3],
      [3, null, 4],
    ],
    codes: ['load/short-rows'],
  },
  'long rows': {
    content: 'id,name\n1,a,x\n2,b\n3,c,,\n',
    counts: [3, 1, 2, 0],
    rows: [[2, 'b', 3]],
    refused: [
      [2, null, '3 cells, but there are 2 columns', '1,a,x'],
      [4, null, '4 cells, but there are 2 columns', '3,c,,'],
    ],
  },
  'a UTF-8 mark': { content: '\ufeffid,name\n1,é🎉\n', counts: [1, 1, 0, 0], rows: [[1, 'é🎉', 2]] },
  'a UTF-8 mark without a header': {
    content: '\ufeff1,a\n2,b\n',
    files: { header: false },
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 1],
      [2, 'b', 2],
    ],
  },
  'UTF-16 little end first': {
    content: Buffer.from('\ufeffid,name\n1,é🎉\n', 'utf16le'),
    counts: [1, 1, 0, 0],
    rows: [[1, 'é🎉', 2]],
  },
  'UTF-16 big end first': {
    content: Buffer.from('\ufeffid,name\r\n1,é🎉\r\n', 'utf16le').swap16(),
    counts: [1, 1, 0, 0],
    rows: [[1, 'é🎉', 2]],
  },
  'UTF-16 without a mark': {
    content: Buffer.from('id,name\n1,é\n', 'utf16le'),
    files: { encoding: 'utf-16' },
    counts: [1, 1, 0, 0],
    rows: [[1, 'é', 2]],
  },
  'Latin-1': {
    content: Buffer.from('id,name\n1,caf\xe9 \x80\n', 'latin1'),
    files: { encoding: 'latin-1' },
    counts: [1, 1, 0, 0],
    rows: [[1, 'café €', 2]],
  },
  gzip: { file: 'data/a.csv.gz', content: gzipSync('id,name\n1,a\n'), counts: [1, 1, 0, 0], rows: [[1, 'a', 2]] },
  'semicolons and decimal commas': {
    content: 'id;amount\n1;1.234,50\n2;0,5\n3;1.5\n4;-7\n',
    columns: ['id bigint', 'amount decimal(10,2)'],
    files: { delimiter: ';', decimal: ',', thousands: '.' },
    counts: [4, 3, 1, 0],
    rows: [
      [1, '1234.50', 2],
      [2, '0.50', 3],
      [4, '-7.00', 5],
    ],
    refused: [[4, 'amount', '`1.5` is no decimal(10,2)', '3;1.5']],
  },
  'decimal commas without groups': {
    content: 'id;amount\n1;0,5\n2;1.5\n',
    columns: ['id bigint', 'amount decimal(10,2)'],
    files: { delimiter: ';', decimal: ',' },
    counts: [2, 1, 1, 0],
    rows: [[1, '0.50', 2]],
    refused: [[3, 'amount', '`1.5` is no decimal(10,2)', '2;1.5']],
  },
  'thousands separators': {
    content: 'id,amount\n"1,234","12,345,678.9"\n7,5\n"1,5",1\n',
    columns: ['id bigint', 'amount decimal(12,2)'],
    files: { thousands: ',' },
    counts: [3, 2, 1, 0],
    rows: [
      [1234, '12345678.90', 2],
      [7, '5.00', 3],
    ],
    refused: [[4, 'id', '`1,5` is no bigint', '"1,5",1']],
  },
  tabs: { content: 'id\tname\n1\ta\n', files: { delimiter: '\t' }, counts: [1, 1, 0, 0], rows: [[1, 'a', 2]] },
  'a delimiter found by itself': {
    content: 'id;name\n1;a,b\n2;c\n',
    files: { delimiter: 'auto' },
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a,b', 2],
      [2, 'c', 3],
    ],
  },
  'several date formats': {
    content: 'id,name\n1,2024-02-29\n2,29.02.2024\n3,30.02.2024\n4,\n',
    columns: ['id bigint', 'name date'],
    files: { dateFormats: ['iso', 'DD.MM.YYYY'] },
    counts: [4, 3, 1, 0],
    rows: [
      [1, '2024-02-29', 2],
      [2, '2024-02-29', 3],
      [4, null, 5],
    ],
    refused: [[4, 'name', '`30.02.2024` is no date', '3,30.02.2024']],
  },
  'strftime formats': {
    content: 'id,name\n1,29/02/2024 07:05\n2,2024\n',
    columns: ['id bigint', 'name timestamp'],
    files: { timestampFormats: ['%d/%m/%Y %H:%M'] },
    counts: [2, 1, 1, 0],
    rows: [[1, '2024-02-29 07:05:00', 2]],
    refused: [[3, 'name', '`2024` is no timestamp', '2,2024']],
  },
  'words for null': {
    content: 'id,name\n-,a\n2,not_available\n"-","-"\n"",""\n,\n',
    files: { nullValues: ['', '-', 'not_available'] },
    counts: [5, 5, 0, 0],
    rows: [
      [null, 'a', 2],
      [2, null, 3],
      [null, null, 4],
      [null, '', 5],
      [null, null, 6],
    ],
  },
  'bare and quoted empty cells': {
    content: 'id,name\n1,\n2,""\n"",x\n',
    counts: [3, 3, 0, 0],
    rows: [
      [1, null, 2],
      [2, '', 3],
      [null, 'x', 4],
    ],
  },
  'line breaks in quotes': {
    content: 'id,name\n1,"a\nb\r\nc"\n2,d\n"3","e\n"\n4,f',
    counts: [4, 4, 0, 0],
    rows: [
      [1, 'a\nb\r\nc', 2],
      [2, 'd', 5],
      [3, 'e\n', 6],
      [4, 'f', 8],
    ],
  },
  'an unclosed quote': {
    content: 'id,name\n1,a\n2,"b\n3,c\n4,d\n',
    counts: [4, 3, 1, 0],
    rows: [
      [1, 'a', 2],
      [3, 'c', 4],
      [4, 'd', 5],
    ],
    refused: [[3, null, 'a quote that is opened in line 3 is never closed', '2,"b']],
  },
  'text behind a closing quote': {
    content: 'id,name\n1,"a"b\n2,c"d\n3,"e ""f"""\n',
    counts: [3, 2, 1, 0],
    rows: [
      [2, 'c"d', 3],
      [3, 'e "f"', 4],
    ],
    refused: [[2, null, 'text stands behind the closing quote of a cell that begins in line 2', '1,"a"b']],
  },
  'escapes by backslash': {
    content: 'id,name\n1,"a\\"b\\\\"\n',
    files: { escape: '\\' },
    counts: [1, 1, 0, 0],
    rows: [[1, 'a"b\\', 2]],
  },
  'no quotes at all': {
    content: 'id,name\n1,"a\n2,b"c\n',
    files: { quote: '' },
    counts: [2, 2, 0, 0],
    rows: [
      [1, '"a', 2],
      [2, 'b"c', 3],
    ],
  },
  'a NUL': {
    content: 'id,name\n1,a\u0000b\n2,c\n',
    counts: [2, 1, 1, 0],
    rows: [[2, 'c', 3]],
    refused: [[2, null, 'the text holds a NUL character', '1,a\u2400b']],
  },
  'ids that no double holds': {
    content: 'id,name\n9007199254740993,007\n-9223372036854775808,12345678901234567890\n9223372036854775808,x\n',
    counts: [3, 2, 1, 0],
    rows: [
      [9007199254740993n, '007', 2],
      [-9223372036854775808n, '12345678901234567890', 3],
    ],
    refused: [[4, 'id', '`9223372036854775808` is no bigint', '9223372036854775808,x']],
  },
  'whole numbers that are none': {
    content: 'id,name\n1.0,a\n1.5,b\n1e3,c\n0x1F,d\n1_000,e\n+7,f\n 8 ,g\n007,h\n',
    counts: [8, 4, 4, 0],
    rows: [
      [1, 'a', 2],
      [7, 'f', 7],
      [8, 'g', 8],
      [7, 'h', 9],
    ],
    refused: [
      [3, 'id', '`1.5` is no bigint', '1.5,b'],
      [4, 'id', '`1e3` is no bigint', '1e3,c'],
      [5, 'id', '`0x1F` is no bigint', '0x1F,d'],
      [6, 'id', '`1_000` is no bigint', '1_000,e'],
    ],
  },
  'dates that hold a time of day, times that hold a zone': {
    content:
      'id,name\n2024-01-02 00:00:00,2024-01-02 10:00:00+02\n2024-01-02 10:00:00,2024-01-02 10:00:00\n2024-1-2,2024-01-02T10:00:00.5Z\n2024-01-03,2024-01-02 10:00+02\n2024-01-04,2024-01-02 10:00:00 +02:00\n2024-01-05,2024-01-02 10:00 UTC\n',
    columns: ['id date', 'name timestamp'],
    counts: [6, 5, 1, 0],
    rows: [
      ['2024-01-02', '2024-01-02 08:00:00', 2],
      ['2024-01-02', '2024-01-02 10:00:00.5', 4],
      ['2024-01-03', '2024-01-02 08:00:00', 5],
      ['2024-01-04', '2024-01-02 08:00:00', 6],
      ['2024-01-05', '2024-01-02 10:00:00', 7],
    ],
    refused: [[3, 'id', '`2024-01-02 10:00:00` is no date', '2024-01-02 10:00:00,2024-01-02 10:00:00']],
  },
  'times with a zone, which the engine alone makes null': {
    content: 'id,name\n1,2024-01-02 10:00:00+02\n2,2024-01-02 10:00:00\n3,later\n',
    columns: ['id bigint', 'name timestamptz'],
    counts: [3, 2, 1, 0],
    rows: [
      [1, '2024-01-02 08:00:00+00', 2],
      [2, '2024-01-02 10:00:00+00', 3],
    ],
    refused: [[4, 'name', '`later` is no timestamp with time zone', '3,later']],
  },
  'header and footer lines': {
    content: 'Report: orders\nFrom,To\nid,name\n1,a\n2,b\n\nTotal,2\n"(c) ""x"""\n\n',
    files: { skipHeaderLines: 2, skipFooterLines: 2 },
    counts: [2, 2, 0, 0],
    rows: [
      [1, 'a', 4],
      [2, 'b', 5],
    ],
  },
  'headers of another order, case and with blanks': {
    content: ' NAME ,"Id"\na,1\n',
    counts: [1, 1, 0, 0],
    rows: [[1, 'a', 2]],
  },
  'arrays and JSON in cells': {
    content: 'id,name\n1,"[""a"",""b,c""]"\n2,"{""k"":1}"\n',
    columns: ['id bigint', 'name json'],
    counts: [2, 2, 0, 0],
    rows: [
      [1, '["a","b,c"]', 2],
      [2, '{"k":1}', 3],
    ],
  },
  'amounts with a currency': {
    content: 'id,name\n1,37.33 USD\n',
    columns: ['id bigint', 'name decimal(10,2)'],
    counts: [1, 0, 1, 0],
    rows: [],
    refused: [[2, 'name', '`37.33 USD` is no decimal(10,2)', '1,37.33 USD']],
  },
  'truth values': {
    content: 'id,name\n1,true\n2,F\n3,maybe\n4,""\n',
    columns: ['id bigint', 'name boolean'],
    counts: [4, 3, 1, 0],
    rows: [
      [1, true, 2],
      [2, false, 3],
      [4, null, 5],
    ],
    refused: [[4, 'name', '`maybe` is no boolean', '3,maybe']],
  },
  'a single column': {
    content: 'name\na\n\n""\nb,c\n d \n',
    columns: ['name'],
    counts: [4, 3, 1, 0],
    rows: [
      ['a', 2],
      ['', 4],
      [' d ', 6],
    ],
    refused: [[5, null, '2 cells, but there is 1 column', 'b,c']],
  },
  'a header only': { content: 'id,name\n', counts: [0, 0, 0, 0], rows: [] },
  'a header without a line break': { content: 'id,name', counts: [0, 0, 0, 0], rows: [] },
  'no bytes': { content: '', counts: [0, 0, 0, 0], rows: [], codes: ['load/file-empty'] },
  'blank lines only': { content: '\n\n', counts: [0, 0, 0, 0], rows: [], codes: ['load/file-empty'] },
}

loadingOnEachEngine((startLoading) => {
  describe('delimited files in the wild', () => {
    for (const [name, wild] of Object.entries(cases)) {
      it(name, async () => {
        const columns = (wild.columns ?? plain).map(column)
        const location = [wild.file ?? 'data/a.csv']
        const loading = await startLoading(
          { [location[0]!]: wild.content },
          { columns, files: { location, ...wild.files } },
        )
        const result = await loading.load()
        const shown = columns.map((c) => c.name).join(', ')
        const rows = await loading.rows(`select ${shown}, _line from items order by _line`)
        const refused = await loading.rows('select _line, _column, _reason, _raw from items__quarantine order by _line')
        expect({ counts: counts(result), rows, refused, codes: result.diagnostics.map((d) => d.code) }).toEqual({
          counts: wild.counts,
          rows: wild.rows,
          refused: wild.refused ?? [],
          codes: wild.codes ?? [],
        })
      })
    }
  })
})
