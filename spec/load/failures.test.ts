import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { codes, column, counts, type Loading, loadingOnEachEngine } from './loading.ts'

const columns = ['id bigint', 'name'].map(column)
const good = 'id,name\n1,a\n'

type Setup = Partial<Loading>

loadingOnEachEngine((startLoading) => {
  async function failure(files: Readonly<Record<string, string | Buffer>>, setup: Setup = {}): Promise<Diagnostic> {
    const loading = await startLoading(files, { columns, ...setup })
    const result = await loading.load()
    expect(result.diagnostics.filter((d) => d.severity === 'error')).toHaveLength(1)
    expect(counts(result)).toEqual([0, 0, 0, 0])
    expect(await loading.relations()).toEqual([])
    return result.diagnostics.find((d) => d.severity === 'error')!
  }

  describe('locations', () => {
    it('names files near one that is missing', async () => {
      const missing = await failure({ 'data/orders.csv': good }, { files: { location: ['data/order.csv'] } })
      expect(missing).toMatchObject({ code: 'load/file-missing', span: { path: 'location' } })
      expect(missing.hints?.[0]).toContain('`data/orders.csv`')
      const folder = await failure({ 'data/orders.csv': good }, { files: { location: ['dta/*.csv'] } })
      expect(folder.hints?.[0]).toContain('`data/`')
    })

    it('refuses a folder, and says what to write', async () => {
      const diagnostic = await failure({ 'data/a.csv': good }, { files: { location: ['data'] } })
      expect(diagnostic).toMatchObject({ code: 'load/location-is-folder', hints: ['write `data/*.csv`'] })
    })

    it('refuses what lies outside the project, also through a link, unless it is allowed', async () => {
      const loading = await startLoading({ 'project/data/a.csv': good, 'other/b.csv': good }, { columns })
      const projectRoot = join(loading.root, 'project')
      symlinkSync(join(loading.root, 'other/b.csv'), join(projectRoot, 'data/b.csv'))
      expect(codes(await loading.load({ projectRoot }))).toEqual(['load/outside-project'])
      loading.files = { outsideProject: true, location: ['data/*.csv', join(loading.root, 'other', '*.csv')] }
      const allowed = await loading.load({ projectRoot })
      expect(allowed.filesLoaded).toEqual([join(loading.root, 'other/b.csv'), 'data/a.csv', 'data/b.csv'])
    })

    it('takes globs, hidden files apart, in the order of their names', async () => {
      const files = ['x/10.csv', 'x/9.csv', 'x/y/z/1.csv', 'x/.hidden.csv', 'x/a.txt', 'w/b[1].csv', 'w/c.csv']
      const loading = await startLoading(Object.fromEntries(files.map((f) => [f, good])), { columns })
      mkdirSync(join(loading.root, 'x/folder.csv'))
      const matched = async (...location: string[]) => {
        loading.files = { location }
        return (await loading.load({ fullRefresh: true })).filesLoaded
      }
      expect(await matched('x/*.csv')).toEqual(['x/10.csv', 'x/9.csv'])
      expect(await matched('x/**/*.csv', './x/9.csv')).toEqual(['x/10.csv', 'x/9.csv', 'x/y/z/1.csv'])
      expect(await matched('{x,w}/[!b]*.csv')).toEqual(['w/c.csv', 'x/10.csv', 'x/9.csv'])
      expect(await matched('w/b*')).toEqual(['w/b[1].csv'])
      expect(await matched('x/?.csv')).toEqual(['x/9.csv'])
    })
  })

  describe('contents', () => {
    const cases: readonly (readonly [
      name: string,
      content: string | Buffer,
      setup: Setup,
      code: string,
      says: RegExp,
    ])[] = [
      [
        'Latin-1 that is not declared',
        Buffer.from('id,name\n1,caf\xe9\n', 'latin1'),
        {},
        'load/wrong-encoding',
        /offset 13.*latin-1/s,
      ],
      ['UTF-16 that is not declared', Buffer.from('id,name\n1,a\n', 'utf16le'), {}, 'load/wrong-encoding', /utf-16/],
      [
        'UTF-16 that is none',
        Buffer.from('\ufeffid,name\n\ud800x\n', 'utf16le'),
        {},
        'load/wrong-encoding',
        /utf-16le/,
      ],
      ['a cut character', Buffer.from('id,name\n1,\xc3', 'latin1'), {}, 'load/wrong-encoding', /offset 10/],
      ['another delimiter', 'id;name\n1;a\n', {}, 'load/wrong-delimiter', /delimiter: ";"/],
      ['tabs', 'id\tname\n1\ta\n', {}, 'load/wrong-delimiter', /\\t/],
      ['no delimiter at all', 'a\nb,c\n', { files: { delimiter: 'auto' } }, 'load/no-delimiter', /delimiter/],
      ['a missing column', 'id,nmae\n1,a\n', {}, 'load/column-missing', /`name`.*did you mean `nmae`/s],
      [
        'an undeclared column',
        'id,name,more\n1,a,b\n',
        { files: { undeclared: 'error' } },
        'load/column-undeclared',
        /`more`/,
      ],
      ['a reserved column', 'id,name,_LINE\n1,a,b\n', {}, 'load/reserved-column', /_LINE/],
      ['an unknown type', good, { columns: ['id bigit', 'name'].map(column) }, 'load/unknown-type', /bigit/],
      ['an unknown format', good, { files: { dateFormats: ['DD.QQ'] } }, 'load/bad-format', /DD\.QQ/],
      ['an unknown key', good, { files: { deduplicate: ['nam'] } }, 'load/unknown-key-column', /did you mean `name`/],
    ] // prettier-ignore

    for (const [name, content, setup, code, says] of cases) {
      it(name, async () => {
        const diagnostic = await failure({ 'data/a.csv': content }, setup)
        expect(diagnostic.code).toBe(code)
        expect([diagnostic.message, ...(diagnostic.hints ?? [])].join('\n')).toMatch(says)
        expect(diagnostic.span ?? diagnostic.data).toBeDefined()
      })
    }

    it('a file that is no gzip', async () => {
      const diagnostic = await failure({ 'data/a.csv.gz': 'id,name\n' }, { files: { location: ['data/a.csv.gz'] } })
      expect(diagnostic.code).toBe('load/file-unreadable')
    })

    it('shows the mistakes of all files at once', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id\n1\n', 'data/b.csv': 'id;name\n' }, { columns })
      expect(codes(await loading.load())).toEqual(['load/column-missing', 'load/wrong-delimiter'])
    })

    it('renames repeated and blank headers with a warning', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name,Name,,name\n1,a,b,c,d\n' }, { columns })
      const result = await loading.load()
      expect(codes(result)).toEqual(['load/header-repeated', 'load/header-blank', 'load/header-repeated'])
      expect(await loading.rows('select name, name_2, column_4, name_3 from items')).toEqual([['a', 'b', 'c', 'd']])
    })

    it('leaves undeclared columns out when told', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'x,id,name,y\n0,1,a,2\n' },
        { columns, files: { undeclared: 'ignore' } },
      )
      await loading.load()
      expect(await loading.rows('select * from items')).toEqual([[1, 'a', 'data/a.csv', 2, '2024-01-01 00:00:00+00']])
    })
  })

  describe('bad rows', () => {
    const content = 'id,name\n1,a\nx,b\n3,c\ny,d\n'

    it('fails above the limit, keeps the refused rows and leaves the table as it was', async () => {
      const loading = await startLoading({ 'data/a.csv': good }, { columns, files: { maxBadRows: { share: 0.01 } } })
      await loading.load()
      loading.write('data/a.csv', content)
      const result = await loading.load()
      expect(counts(result)).toEqual([4, 2, 2, 0])
      const [diagnostic] = result.diagnostics
      expect(diagnostic).toMatchObject({
        code: 'load/too-many-bad-rows',
        data: { path: 'data/a.csv', line: 3, column: 1, excerpt: 'x,b' },
        labels: [{ span: { path: 'column id' } }],
      })
      expect(diagnostic!.message).toMatch(/2 rows of 4.*`max_bad_rows: 1%`.*`x` is no bigint/)
      expect(await loading.rows('select id from items')).toEqual([[1]])
      expect(await loading.rows('select _line, _reason from items__quarantine order by 1')).toEqual([
        [3, '`x` is no bigint'],
        [5, '`y` is no bigint'],
      ])
      // Nothing was recorded: the next load reads the file again.
      expect(counts(await loading.load())).toEqual([4, 2, 2, 0])
    })

    it('counts rows when the limit is a number', async () => {
      const two = await startLoading({ 'data/a.csv': content }, { columns, files: { maxBadRows: { rows: 2 } } })
      expect(codes(await two.load())).toEqual([])
      const one = await startLoading({ 'data/a.csv': content }, { columns, files: { maxBadRows: { rows: 1 } } })
      expect(codes(await one.load())).toEqual(['load/too-many-bad-rows'])
    })

    it('fails at the first when told', async () => {
      const text = 'id,name\n1,a\n2,"é🎉",z\nx,b\n'
      const loading = await startLoading({ 'data/a.csv': text }, { columns, files: { onBadRows: 'fail' } })
      const [diagnostic] = (await loading.load()).diagnostics
      expect(diagnostic).toMatchObject({ code: 'load/bad-row', data: { line: 3, excerpt: '2,"é🎉",z' } })
      const second = await startLoading(
        { 'data/a.csv': 'name,id\n"é🎉",x\n' },
        { columns, files: { onBadRows: 'fail' } },
      )
      expect((await second.load()).diagnostics[0]?.data).toMatchObject({ line: 2, column: 7 })
    })
  })
})
