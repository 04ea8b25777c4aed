import { describe, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { jsonLines, makeFolder, runCli } from './run-cli.ts'
import { on } from './shop.ts'

onEachDatabase((here) => {
  async function built(): Promise<string> {
    const cwd = makeFolder(on(here.database))
    expect(await runCli(['build', '-q'], { cwd })).toMatchObject({ code: 0 })
    return cwd
  }

  describe('tsdbt ls', () => {
    it('prints nodes on stdout and nothing else', async () => {
      const cwd = makeFolder(on(here.database))
      const { code, stdout, stderr } = await runCli(['ls'], { cwd })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.split('\n').slice(0, 3)).toEqual(expect.arrayContaining(['shop.raw_orders']))
      const names = await runCli(
        ['list', '--select', 'orders totals', '--resource-type', 'model', '--output', 'name'],
        {
          cwd,
        },
      )
      expect(names.stdout).toBe('orders\ntotals\n')
      const paths = await runCli(['ls', '-s', 'orders', '--resource-type', 'model', '--output', 'path'], { cwd })
      expect(paths.stdout).toBe('models/orders.sql\n')
    })

    it('answers the listing of Cosmos: one object a line, the asked keys, no word `Error`', async () => {
      const keys = [
        'name',
        'unique_id',
        'resource_type',
        'depends_on',
        'original_file_path',
        'tags',
        'config',
        'freshness',
        'fqn',
      ]
      const argv = [
        'ls',
        '--output',
        'json',
        '--output-keys',
        ...keys,
        '--project-dir',
        '.',
        '--profile',
        'shop',
        '--target',
        'dev',
        '--no-partial-parse',
      ]
      const { code, stdout } = await runCli(argv, {
        cwd: makeFolder(on(here.database)),
        env: { DBT_LOG_PATH: 'logs', DBT_TARGET_PATH: 'target' },
      })
      expect(code).toBe(0)
      expect(stdout).not.toContain('Error')
      const nodes = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(nodes.map((node) => node.unique_id)).toEqual(
        expect.arrayContaining(['seed.shop.raw_orders', 'model.shop.orders', 'model.shop.totals']),
      )
      const orders = nodes.find((node) => node.unique_id === 'model.shop.orders')
      expect(orders).toMatchObject({
        name: 'orders',
        resource_type: 'model',
        depends_on: { nodes: ['seed.shop.raw_orders'] },
        config: { materialized: 'table' },
        original_file_path: 'models/orders.sql',
        tags: [],
        fqn: ['shop', 'orders'],
      })
      expect(orders).not.toHaveProperty('package_name')
    })

    it('keeps a JSON log JSON', async () => {
      const { stdout } = await runCli(['ls', '--log-format', 'json'], { cwd: makeFolder(on(here.database)) })
      const listed = jsonLines(stdout)
        .filter((line) => line.info['name'] === 'ListCmdOut')
        .map((line) => line.data['msg'])
      expect(listed).toEqual(expect.arrayContaining(['shop.orders']))
    })
  })

  describe('tsdbt show', () => {
    it('prints a table, and JSON, CSV and NDJSON', async () => {
      const cwd = await built()
      const show = (...argv: string[]) => runCli(['show', ...argv], { cwd })
      expect(
        await show('--inline', 'select id, status, amount from {{ref "orders"}} order by id', '--limit', '2'),
      ).toEqual({
        code: 0,
        stderr: '',
        stdout:
          '| id | status | amount |\n| -- | ------ | ------ |\n|  1 | done   |     10 |\n|  2 | open   |   NULL |\n',
      })
      const inline = 'select id, amount from {{ref "orders"}} order by id'
      expect(JSON.parse((await show('--inline', inline, '--output', 'json')).stdout)).toEqual({
        show: [
          { id: 1, amount: 10 },
          { id: 2, amount: null },
          { id: 3, amount: 5 },
        ],
      })
      expect((await show('--inline', inline, '--output', 'csv', '--limit', '-1')).stdout).toBe(
        'id,amount\n1,10\n2,\n3,5\n',
      )
      expect((await show('--inline', inline, '--output', 'ndjson', '--limit', '1')).stdout).toBe(
        '{"id":1,"amount":10}\n',
      )
      expect(JSON.parse((await show('--select', 'totals', '--output', 'json')).stdout)).toMatchObject({
        node: 'totals',
      })
    })

    it('answers the editor: JSON lines only, the rows as text in `preview`, the statement in `sql`', async () => {
      const cwd = await built()
      const argv = [
        'show',
        '--log-level',
        'debug',
        '--inline',
        'select 1 as a',
        '--limit',
        '5',
        '--output',
        'json',
        '--log-format',
        'json',
      ]
      const { code, stdout } = await runCli(argv, { cwd })
      expect(code).toBe(0)
      const lines = jsonLines(stdout)
      const preview = lines.find((line) => 'preview' in line.data)!
      expect(JSON.parse(String(preview.data['preview']))).toEqual([{ a: 1 }])
      expect(lines.some((line) => String(line.data['sql'] ?? '').includes('select 1 as a'))).toBe(true)
    })

    it('tells the editor about errors on stderr as well', async () => {
      const cwd = await built()
      const { code, stdout, stderr } = await runCli(
        ['show', '--inline', 'select nope from {{ref "orders"}}', '--log-format', 'json'],
        { cwd },
      )
      expect(code).toBe(1)
      const [error] = jsonLines(stderr)
      expect(error!.info).toMatchObject({ level: 'error' })
      expect(error!.info['msg']).toContain('nope')
      expect(jsonLines(stdout).some((line) => line.info['level'] === 'error')).toBe(true)
    })

    it('points into the text of the command line', async () => {
      const cwd = await built()
      const { code, stdout, stderr } = await runCli(['show', '--inline', 'select 1 from {{ref "oders"}}'], { cwd })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(
        /^error\[[^\n]*\n --> <--inline>:1:21\n {2}\|\n1 \| select 1 from \{\{ref "oders"\}\}\n {2}\| {21}\^+\n/,
      )
      expect(stderr).toContain('did you mean `orders`?')
    })
  })

  describe('tsdbt compile', () => {
    it('prints the SQL of what is asked for by name, as text and as JSON', async () => {
      const cwd = makeFolder(on(here.database))
      const text = await runCli(['compile', '--select', 'totals'], { cwd })
      expect(text).toMatchObject({ code: 0, stderr: '' })
      expect(text.stdout).toMatch(
        /^select status, sum\(amount\) as total from "\w+"\."main"\."orders" group by status\n$/,
      )
      const json = await runCli(['compile', '--model', 'totals', '--output', 'json'], { cwd })
      expect(JSON.parse(json.stdout)).toEqual({ node: 'totals', compiled: expect.stringContaining('group by status') })
      const inline = await runCli(['compile', '--inline', '{{var "a"}}', '--vars', '{a: 7}'], { cwd })
      expect(inline.stdout).toBe('7\n')
      expect((await runCli(['compile'], { cwd })).stdout).toBe('')
    })

    it('answers the editor with `compiled`', async () => {
      const { stdout } = await runCli(['compile', '--model', 'totals', '--output', 'json', '--log-format', 'json'], {
        cwd: makeFolder(on(here.database)),
      })
      const line = jsonLines(stdout).find((candidate) => 'compiled' in candidate.data)!
      expect(line.data['compiled']).toContain('group by status')
    })
  })

  describe('YAML on the command line', () => {
    it.each([
      [['parse', '--vars', 'a: [1,'], /^error\[config\/yaml-syntax\][^\n]*\n --> <--vars>:1:\d+\n/m],
      [
        ['parse', '--vars', 'just text'],
        /^error\[config\/[a-z-]+\][^\n]*\n --> <--vars>:1:1\n {2}\|\n1 \| just text\n/m,
      ],
      [['run-operation', 'nothing', '--args', '[1]'], /^error\[commands\/macro-missing\]/],
    ])('points at the mistake in %j', async (argv, expected) => {
      const { code, stdout, stderr } = await runCli(argv, { cwd: makeFolder(on(here.database)) })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(expected)
    })

    it('reaches a macro', async () => {
      const cwd = makeFolder({
        ...on(here.database),
        'macros/greet.sql': '{{#*macro greet who}}select {{literal who}} as hello{{/macro}}',
      })
      const ran = await runCli(['run-operation', 'greet', '--args', '{who: Ana}', '--output', 'csv'], { cwd })
      expect(ran).toMatchObject({ code: 0, stdout: 'hello\nAna\n' })
      const wrong = await runCli(['run-operation', 'greet', '--args', '[1]'], { cwd })
      expect(wrong.code).toBe(2)
      expect(wrong.stderr).toMatch(/^error\[commands\/bad-arguments\][^\n]*\n --> <--args>:1:1\n/)
      const sql = await runCli(['run-operation', '--sql', 'select 42 as answer'], { cwd })
      expect(sql.stdout).toContain('|     42 |')
    })
  })
})
