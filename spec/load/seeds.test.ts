import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/adapters/adapter.ts'
import type { SeedRequest, SeedResult } from '../../src/adapters/load.ts'
import { UserError } from '../../src/base/errors.ts'
import { column, type Loading, loadingOnEachEngine } from './loading.ts'

async function seed(loading: Loading, changes: Partial<SeedRequest> = {}): Promise<SeedResult> {
  return loading.session.loadSeed({
    target: loading.target,
    absolutePath: join(loading.root, 'seeds/a.csv'),
    path: 'seeds/a.csv',
    delimiter: ',',
    columns: [],
    quoteColumns: false,
    nullValues: [''],
    ...changes,
  })
}

async function typesOf(loading: Loading): Promise<readonly string[]> {
  return (await loading.columnTypes()).map((column) => column.slice(column.indexOf(' ') + 1))
}

loadingOnEachEngine((startLoading) => {
  describe('seeds', () => {
    it('infers types that lose nothing', async () => {
      const text = [
        'whole,big,huge,beyond,zeros,code,money,mixed,double,flag,day,ts,tz,text,none,kept',
        `1,9007199254740993,${'9'.repeat(30)},${'9'.repeat(50)},007,12,1.50,7,1e3,true,2024-02-29,2024-02-29 10:00:00,2024-02-29T10:00:00Z,a,,""`,
        `-2,0,0,1,1,x,22.125,0.25,2,FALSE,,,,1,,b`,
        '',
      ].join('\n')
      const loading = await startLoading({ 'seeds/a.csv': text })
      expect(await seed(loading)).toEqual({ rows: 2, diagnostics: [] })
      expect(await typesOf(loading)).toEqual([
        'BIGINT',
        'BIGINT',
        'HUGEINT',
        'VARCHAR',
        'VARCHAR',
        'VARCHAR',
        'DECIMAL(18,3)',
        'DECIMAL(18,2)',
        'DOUBLE',
        'BOOLEAN',
        'DATE',
        'TIMESTAMP',
        'TIMESTAMP WITH TIME ZONE',
        'VARCHAR',
        'VARCHAR',
        'VARCHAR',
      ])
      expect((await loading.rows('select big, huge, beyond, zeros, money, mixed, kept, none from items'))[0]).toEqual([
        9007199254740993n,
        loading.on<Cell>({ duckdb: 999999999999999999999999999999n, postgres: '9'.repeat(30) }),
        '9'.repeat(50),
        '007',
        '1.500',
        '7.00',
        '',
        null,
      ])
    })

    it('takes the types that are given, keeps the order of rows, reads embedded line breaks', async () => {
      const loading = await startLoading({ 'seeds/a.csv': '\ufeffId;Note\r\n3;"a\nb"\r\n01;"c;d"\r\n' })
      const columns = ['ID varchar', 'note varchar(10)', 'nte text'].map(column)
      const result = await seed(loading, { delimiter: ';', columns })
      expect(result.diagnostics).toMatchObject([
        { code: 'load/seed-unknown-column', span: { path: 'column nte' }, hints: ['did you mean `Note`?'] },
      ])
      expect(await loading.rows('select id, note from items')).toEqual([
        ['3', 'a\nb'],
        ['01', 'c;d'],
      ])
    })

    it('points at the first bad row', async () => {
      const cases: readonly (readonly [text: string, data: object, says: RegExp])[] = [
        ['a,b\n1,2\n3\n4,5,6\n', { line: 3, excerpt: '3' }, /1 cell, but there are 2 columns/],
        ['a,b\n1,2\n4,5,6\n3\n', { line: 3, excerpt: '4,5,6' }, /3 cells/],
        ['a,b\n1,"x\n', { line: 2 }, /never closed/],
        [
          'a,b\n"p\nq",2024-01-01\n2,2024-02-30\n',
          { line: 4, column: 3, excerpt: '2,2024-02-30' },
          /`2024-02-30` is no date \(column `b`\)/,
        ],
      ]
      for (const [text, data, says] of cases) {
        const loading = await startLoading({ 'seeds/a.csv': text })
        const error = await seed(loading, { columns: ['b date'].map(column) }).catch((e: unknown) => e)
        expect(error).toBeInstanceOf(UserError)
        const [diagnostic] = (error as UserError).diagnostics
        expect(diagnostic).toMatchObject({ code: 'load/seed-bad-row', data: { path: 'seeds/a.csv', ...data } })
        expect(diagnostic!.message).toMatch(says)
        expect(await loading.session.columnsOf(loading.target)).toEqual([])
      }
    })

    it('says what is wrong with the file', async () => {
      const failures = async (content: string | Buffer, changes?: Partial<SeedRequest>) => {
        const loading = await startLoading({ 'seeds/a.csv': content })
        const error = await seed(loading, changes).catch((e: unknown) => e)
        return (error as UserError).diagnostics.map((d) => d.code)
      }
      expect(await failures('')).toEqual(['load/seed-without-header'])
      expect(await failures(Buffer.from('a\n\xe9\n', 'latin1'))).toEqual(['load/wrong-encoding'])
      expect(await failures('a\n1\n', { absolutePath: '/absent.csv' })).toEqual(['load/file-unreadable'])
      expect(await failures('a\n1\n', { columns: ['a bigit'].map(column) })).toEqual(['load/unknown-type'])
    })

    it('renames repeated and blank headers, and may have no rows', async () => {
      const loading = await startLoading({ 'seeds/a.csv': 'a,A,\n' })
      const result = await seed(loading)
      expect([result.rows, result.diagnostics.map((d) => d.code)]).toEqual([
        0,
        ['load/header-repeated', 'load/header-blank'],
      ])
      expect((await loading.session.columnsOf(loading.target)).map((c) => c.name)).toEqual(
        loading.on({ duckdb: ['a', 'A_2', 'column_3'], postgres: ['a', 'a_2', 'column_3'] }),
      )
    })

    it('is rolled back with its transaction', async () => {
      const loading = await startLoading({ 'seeds/a.csv': 'a\n1\n' })
      await loading.session.begin()
      await seed(loading)
      await loading.session.rollback()
      expect(await loading.session.columnsOf(loading.target)).toEqual([])
      await loading.session.begin()
      await expect(seed(loading, { columns: ['a date'].map(column) })).rejects.toThrow(UserError)
      await loading.session.rollback()
      expect((await seed(loading)).rows).toBe(1)
    })
  })
})
