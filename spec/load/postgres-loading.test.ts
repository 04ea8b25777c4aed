import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Adapter, Session } from '../../src/adapters/adapter.ts'
import { CancelledError, UserError } from '../../src/base/errors.ts'
import { engines } from '../engines.ts'
import { codes, column, counts, type Loading, starter } from './loading.ts'

const postgres = engines.find((engine) => engine.name === 'postgres')!
const startLoading = starter(postgres)
const columns = ['id bigint', 'name'].map(column)

// A temporary folder of this file's own: other processes load at the same time.
const own = mkdtempSync(join(tmpdir(), 'tsdbt-spec-folders-'))
process.env['TMPDIR'] = own
afterAll(() => rmSync(own, { recursive: true, force: true }))

/** Folders of loads that are under way or were left behind. */
function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => /^tsdbt-(load|seed)-/.test(name))
}

async function types(loading: Loading): Promise<readonly string[]> {
  return (await loading.session.columnsOf(loading.target)).map(({ name, type }) => `${name} ${type}`)
}

describe('types that only Postgres has', () => {
  it('are checked there, and bad values go to the quarantine', async () => {
    const content =
      'id,address,span,name\n1,10.0.0.1,"[1,5)",a\n2,nonsense,"[1,5)",b\n3,::1,"[5,1)",c\n4,,,d\n5,300.1.1.1,x,e\n1,10.0.0.1,"[1,5)",a\n'
    const loading = await startLoading(
      { 'data/a.csv': content },
      { columns: ['id bigint', 'address inet', 'span int4range', 'name'].map(column), files: { deduplicate: 'exact' } },
    )
    expect(counts(await loading.load())).toEqual([6, 2, 3, 1])
    expect((await types(loading)).slice(0, 4)).toEqual(['id bigint', 'address inet', 'span int4range', 'name text'])
    expect(await loading.rows('select id, address::text, span::text, _line from items order by id')).toEqual([
      [1, '10.0.0.1/32', '[1,5)', 7],
      [4, null, null, 5],
    ])
    expect(await loading.rows('select _line, _column, _reason, _raw from items__quarantine order by 1')).toEqual([
      [3, 'address', '`nonsense` is no inet', '2,nonsense,"[1,5)",b'],
      [4, 'span', '`[5,1)` is no int4range', '3,::1,"[5,1)",c'],
      [6, 'address', '`300.1.1.1` is no inet', '5,300.1.1.1,x,e'],
    ])
    // What stands there is read as it was declared.
    loading.write('data/b.csv', 'id,address,span,name\n7,10.0.0.7,,g\n8,no,,h\n')
    expect(counts(await loading.load())).toEqual([2, 1, 1, 0])
  })

  it('are found in JSON and where a domain forbids a value', async () => {
    const files = { location: ['data/a.ndjson'], format: 'ndjson' as const }
    const text = '{"id": 1, "mail": "a@b"}\n\n{"id": 2, "mail": "nobody"}\n{"id": 3, "mail": null}\n'
    const loading = await startLoading(
      { 'data/a.ndjson': text },
      { columns: ['id bigint', 'mail email'].map(column), files },
    )
    await loading.session.execute("create domain email as text check (value like '%@%')")
    expect(counts(await loading.load())).toEqual([3, 2, 1, 0])
    expect(await loading.rows('select _line, _column, _reason, _raw from items__quarantine')).toEqual([
      [3, 'mail', '`nobody` is no email', '{"id": 2, "mail": "nobody"}'],
    ])
  })

  it('are found where the reader takes a value that Postgres does not', async () => {
    const loading = await startLoading(
      { 'data/a.csv': `id,data\n1,"{""a"": ""\\u0000""}"\n2,{}\n2,{}\n` },
      { columns: ['id bigint', 'data jsonb'].map(column), files: { deduplicate: ['id'] } },
    )
    expect(counts(await loading.load())).toEqual([3, 1, 1, 1])
    expect(await loading.rows('select id, data, _line from items')).toEqual([[2, '{}', 4]])
    expect(await loading.rows('select _line, _column, _raw from items__quarantine')).toEqual([
      [2, 'data', '1,"{""a"": ""\\u0000""}"'],
    ])
  })

  it('means what Postgres says by a name that both engines have', async () => {
    const loading = await startLoading(
      { 'data/a.csv': 'a,b,c,d,e\n0.123456789012345678901,0.1,1,x,1\n' },
      { columns: ['a numeric', 'b float', 'c double', 'd character varying(3)', 'e uhugeint'].map(column) },
    )
    await loading.load()
    expect((await types(loading)).slice(0, 5)).toEqual([
      'a numeric',
      'b double precision',
      'c double precision',
      'd character varying(3)',
      'e numeric(39,0)',
    ])
    expect(await loading.rows('select a, b from items')).toEqual([['0.123456789012345678901', 0.1]])
  })

  it('refuses a type that nobody knows, in the words of Postgres', async () => {
    const loading = await startLoading({ 'data/a.csv': 'id\n1\n' }, { columns: ['id bigit'].map(column) })
    const [diagnostic] = (await loading.load()).diagnostics
    expect(diagnostic).toMatchObject({ code: 'load/unknown-type', span: { path: 'column id' } })
    expect(diagnostic!.message).toContain('bigit')
  })

  it('in a seed are an error at the first row', async () => {
    const loading = await startLoading({ 'seeds/a.csv': 'id,address\n1,::1\n2,"no\nwhere"\n3,x\n' })
    const request = {
      target: loading.target,
      absolutePath: join(loading.root, 'seeds/a.csv'),
      path: 'seeds/a.csv',
      delimiter: ',',
      columns: ['address inet'].map(column),
      quoteColumns: false,
      nullValues: [''],
    }
    const error = await loading.session.loadSeed(request).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).diagnostics).toMatchObject([
      { code: 'load/seed-bad-row', data: { path: 'seeds/a.csv', line: 3, column: 4 } },
    ])
    expect(await loading.session.columnsOf(loading.target)).toEqual([])
  })
})

describe('names', () => {
  it('are folded unless they need quotes or say so, and long ones stay apart', async () => {
    const long = 'a'.repeat(70)
    const loading = await startLoading(
      {
        'data/a.csv': `Id,Order No,Kept,${long}1,${long}2\n1,2,3,4,5\n`,
        'data/b.csv': `ID,order no,kept,NEW\n6,7,8,9\n`,
      },
      { columns: [{ ...column('Kept'), quote: true }] },
    )
    await loading.load()
    const names = (await loading.session.columnsOf(loading.target)).map(({ name }) => name)
    expect(names.slice(0, 3)).toEqual(['Kept', 'id', 'Order No'])
    expect(names.slice(3, 5).map((name) => Buffer.byteLength(name))).toEqual([63, 63])
    const cells = `id, "Order No", "Kept", new, "${names[3]}", "${names[4]}"`
    expect(await loading.rows(`select ${cells} from items order by _file`)).toEqual([
      ['1', '2', '3', null, '4', '5'],
      ['6', '7', '8', '9', null, null],
    ])
    loading.write('data/c.csv', `id,ORDER NO,KEPT,${long}2\n10,11,12,13\n`)
    await loading.load()
    expect(await loading.rows(`select "Order No", "${names[4]}" from items where id = '10'`)).toEqual([['11', '13']])
  })

  it('of long tables are staged under names that the server does not cut', async () => {
    const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
    const target = { ...loading.target, identifier: 'é'.repeat(31) }
    const quarantine = { ...loading.target, identifier: `${'é'.repeat(30)}q` }
    expect(counts(await loading.load({ target, quarantine }))).toEqual([1, 1, 0, 0])
    expect(await loading.relations()).toEqual(['é'.repeat(31), `${'é'.repeat(30)}q`].sort())
  })
})

describe('a table that is loaded anew', () => {
  it('keeps its views, rights and indexes', async () => {
    const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
    await loading.load()
    const role = `reader_${loading.target.database}`
    await loading.session.execute(`create role ${role}`)
    await loading.session.execute(`grant select on items to ${role}`)
    await loading.session.execute('create view seen as select id, name from items')
    await loading.session.execute('create index by_name on items (name)')
    loading.write('data/a.csv', 'id,name\n1,a\n2,b\n')
    await loading.load({ fullRefresh: true })
    expect(await loading.rows('select * from seen order by id')).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(await loading.rows(`select has_table_privilege('${role}', 'items', 'select')`)).toEqual([[true]])
    expect(await loading.rows("select count(*) from pg_indexes where tablename = 'items'")).toEqual([[1]])
    await loading.session.execute(`drop owned by ${role}`)
    await loading.session.execute(`drop role ${role}`)
  })
})

describe('a large table that is loaded anew', () => {
  it('keeps its place while its columns do, so that no reader is locked out until tests have run', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `${i},${String(i).padStart(500, 'x')}`)
    const loading = await startLoading({ 'data/a.csv': `id,name\n${rows.join('\n')}\n` }, { columns })
    await loading.load()
    const identity = async () => (await loading.rows("select 'items'::regclass::oid::bigint"))[0]
    const before = await identity()
    expect(Number((await loading.rows("select pg_table_size('items')"))[0]![0])).toBeGreaterThan(16 << 20)
    expect(counts(await loading.load({ fullRefresh: true }))).toEqual([40_000, 40_000, 0, 0])
    expect(await identity()).toEqual(before)
    expect(await loading.rows('select count(*) from items')).toEqual([[40_000]])
  })
})

describe('rows that stand', () => {
  it('are compared fast with new ones, nulls and all', async () => {
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `${from + i},${(from + i) % 3 === 0 ? '' : 'x'},${(from + i) % 7}`).join(
        '\n',
      )
    const loading = await startLoading(
      { 'data/a.csv': `id,name,n\n${lines(0, 60_000)}\n` },
      { columns: ['id bigint', 'name', 'n integer'].map(column), files: { deduplicate: 'exact' } },
    )
    await loading.load()
    loading.write('data/b.csv', `id,name,n\n${lines(30_000, 60_000)}\n`)
    expect(counts(await loading.load())).toEqual([60_000, 60_000, 0, 0])
    expect(await loading.rows('select _file, count(*) from items group by 1 order by 1')).toEqual([
      ['data/a.csv', 30_000],
      ['data/b.csv', 60_000],
    ])
  })
})

describe('state', () => {
  it('that may not be made says what the administrator does', async () => {
    const database = await postgres.create()
    const role = `writer_${database.name}`
    let adapter: Adapter | undefined
    try {
      await database.sql(`create role ${role} login`, `grant all on schema main to ${role}`, 'select 1')
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
      adapter = await database.open({}, { user: role, search_path: 'main' })
      const session = await adapter.acquire()
      const target = { ...loading.target, database: database.name }
      const quarantine = { ...loading.quarantine, database: database.name }
      const request = loading.request({ target, quarantine })
      const error = await session.stageLoad(request).catch((e: unknown) => e)
      expect(error).toMatchObject({ diagnostics: [{ code: 'db/no-right-for-state' }] })
      const [diagnostic] = (error as UserError).diagnostics
      expect(diagnostic!.hints?.[0]).toContain(`create schema tsdbt_state authorization "${role}"`)
      await session.release()
    } finally {
      await adapter?.close()
      await database.reset()
      await database.sql(`drop owned by ${role}`, `drop role ${role}`, 'select 1')
      await database.drop()
    }
  })
})

describe('what breaks in the middle', () => {
  const many = `id,name\n${Array.from({ length: 400_000 }, (_, i) => `${i},${'x'.repeat(50)}`).join('\n')}\n`

  /** Loads, and calls `disturb` when the server is taking rows. */
  async function disturbed(disturb: (loading: Loading, pid: number, beside: Session) => Promise<void>) {
    const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
    await loading.load()
    loading.write('data/a.csv', many)
    const [[pid]] = (await loading.rows('select pg_backend_pid()')) as [[number]]
    const beside = await loading.adapter.acquire()
    const staging = loading.session.stageLoad(loading.request()).catch((e: unknown) => e)
    for (;;) {
      const { rows } = await beside.query(`select query like 'copy%' from pg_stat_activity where pid = ${pid}`)
      if (rows[0]?.[0] === true) break
    }
    await disturb(loading, pid, beside)
    return { loading, error: await staging }
  }

  it('leaves the old rows, no relation and no file when the connection is cut', async () => {
    const before = folders()
    const { loading, error } = await disturbed(async (_, pid, beside) => {
      await beside.query(`select pg_terminate_backend(${pid})`)
    })
    expect(error).toMatchObject({ fault: { kind: 'connection' } })
    expect((await loading.relations()).filter((name) => name.includes('__tsdbt_'))).toEqual([])
    expect(await loading.rows('select count(*) from main.items')).toEqual([[1]])
    expect(folders().filter((name) => !before.includes(name))).toEqual([])
  })

  it('stops reading and copying when the run is cancelled', async () => {
    const { loading, error } = await disturbed(async (it) => it.adapter.cancel())
    expect(error).toBeInstanceOf(CancelledError)
    loading.adapter.resume()
    expect((await loading.relations()).filter((name) => name.includes('__tsdbt_'))).toEqual([])
    expect(await loading.rows('select count(*) from main.items')).toEqual([[1]])
    expect(counts(await loading.load())).toEqual([400_000, 400_000, 0, 0])
    expect(codes(await loading.load())).toEqual([])
  })
})
