import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { CancelledError, UserError } from '../../../src/base/errors.ts'
import { isAlive } from '../../../src/base/is-alive.ts'
import type { HyperdFound, HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { openHyper } from '../../../src/exports/hyper/open-hyper.ts'

let folder: string
let shared: HyperService
let hyperd: HyperdFound

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-hyper-'))
  shared = service()
  hyperd = await shared.locate()
})

afterAll(async () => {
  await shared.close()
  rmSync(folder, { recursive: true, force: true })
})

function service(env: Record<string, string> = {}, more: Partial<Parameters<typeof openHyper>[0]> = {}): HyperService {
  return openHyper({ env, projectRoot: process.cwd(), folders: () => [folder], ...more })
}

/** A service that is closed when its test ends. */
function own(...args: Parameters<typeof service>): HyperService {
  const made = service(...args)
  onTestFinished(() => made.close())
  return made
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it went well'),
    (e: unknown) => e,
  )
  if (!(error instanceof UserError)) throw error
  const [first] = error.diagnostics
  return [`${first!.code}: ${first!.message}`, ...(first!.hints ?? []), ...(first!.notes ?? [])].join('\n')
}

/** A program that says to be Hyper and is something else. */
function script(name: string, body: string): string {
  const path = join(folder, name)
  const version = `if [ "$1" = --version ]; then echo "Hyper version fake.1"; exit 0; fi`
  writeFileSync(path, `#!/bin/sh\n${version}\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

/** The servers of this process: the folder of the socket tells the pid of the owner. */
function serverFolders(pid = process.pid): readonly string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(`tsdbt-hyper-${pid}-`))
    .map((name) => join(tmpdir(), name))
}

function serverPid(at: string): number {
  return Number(readFileSync(join(at, '.s.PGSQL.5432.pid'), 'utf8').trim().split('\n')[0])
}

describe('finding hyperd', () => {
  test('takes the npm package where nothing else is said', () => {
    expect(hyperd.origin).toBe('the npm package hyperdb-api-node-linux-x64-gnu')
    expect(hyperd.version).toMatch(/^main\.0\.0\.\d+/)
    expect(existsSync(hyperd.path)).toBe(true)
  })

  test('a variable names the program or a folder that holds it', async () => {
    mkdirSync(join(folder, 'tableauhyperapi/bin/hyper'), { recursive: true })
    const fake = script('tableauhyperapi/bin/hyper/hyperd', 'exit 1')
    const named = await own({ HYPERD_PATH: join(folder, 'tableauhyperapi') }).locate()
    expect(named).toEqual({ path: fake, origin: 'HYPERD_PATH', version: 'fake.1' })
    const first = await own({ TSDBT_HYPERD: hyperd.path, HYPERD_PATH: folder }).locate()
    expect(first.origin).toBe('TSDBT_HYPERD')
  })

  test('finds that of a Python, then that of the path', async () => {
    const machine = { platform: 'linux', arch: 'riscv64', musl: false }
    const path = join(folder, 'path')
    mkdirSync(path)
    const fake = script('path/hyperd', 'exit 1')
    expect(await own({ PATH: path }, { machine }).locate()).toMatchObject({ path: fake, origin: 'PATH' })
    writeFileSync(join(path, 'python3'), `#!/bin/sh\necho "${join(folder, 'tableauhyperapi')}"\n`)
    chmodSync(join(path, 'python3'), 0o755)
    const found = await own({ PATH: path }, { machine }).locate()
    expect(found.origin).toBe(`the Python package tableauhyperapi of ${join(path, 'python3')}`)
  })

  test('says how to get one where there is none', async () => {
    const machine = { platform: 'darwin', arch: 'arm64', musl: false }
    expect(await failure(own({ PATH: '/nowhere' }, { machine }).locate())).toBe(
      `exports/hyperd-missing: a \`.hyper\` file needs Tableau’s engine \`hyperd\`, and there is none here
get it with \`npm install --save-dev hyperdb-api-node-darwin-arm64\` or \`pip install tableauhyperapi\`, or name it in \`TSDBT_HYPERD\`
Parquet files and live \`.tds\` files need no Hyper
looked in: \`TSDBT_HYPERD\`, \`HYPERD_PATH\`; npm: hyperdb-api-node-darwin-arm64, hyperdb-mcp-darwin-arm64; tableauhyperapi and pantab of Python (none found); \`PATH\``,
    )
    for (const [other, words] of [
      [{ platform: 'linux', arch: 'arm64', musl: false }, 'linux-arm64'],
      [{ platform: 'linux', arch: 'x64', musl: true }, 'linux-x64 with musl'],
    ] as const) {
      const root = { machine: other, projectRoot: '/nowhere' }
      expect(await failure(own({ PATH: '/nowhere' }, root).locate())).toContain(`makes no \`hyperd\` for ${words}`)
    }
  })

  test.each([
    ['a missing file', '/nowhere/hyperd', 'there is no such file or folder'],
    ['a folder without it', '/usr/share', 'the folder has no `hyperd`'],
    ['another program', process.execPath, 'its `--version` says: v'],
    ['no program', join(process.cwd(), 'package.json'), 'it cannot be executed'],
  ])('says of %s that it is not Hyper', async (_, path, said) => {
    const text = await failure(own({ TSDBT_HYPERD: path }).locate())
    expect(text).toContain(`exports/hyperd-unfit: \`${path}\` (from TSDBT_HYPERD) is not Tableau’s Hyper: ${said}`)
  })
})

describe('a server', () => {
  test('writes and reads a file, and lets go of it', async () => {
    const path = join(folder, 'Ünï "quoted".hyper')
    const connection = await shared.connect({ path, create: 2 })
    await connection.execute('create table t (a bigint, b text)')
    const rows = 'a,b\n1,"é ""🎉"", \\N"\n2,\\N\n3,"\\N"\n4,""\n'
    const sent = await connection.copyFrom(
      `copy t from stdin with (format csv, header, null '\\N')`,
      Readable.from([Buffer.from(rows)]),
    )
    expect(sent).toBe(4)
    expect(await connection.query('select * from t order by a')).toEqual([
      ['1', 'é "🎉", \\N'],
      ['2', null],
      ['3', '\\N'],
      ['4', ''],
    ])
    await connection.close()
    await shared.validate({ path })
  })

  test('is one for all connections, of nobody else, and knows no secrets', async () => {
    const files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.hyper`))
    const hyper = own({ PGPASSWORD: 'hunter2', TSDBT_SECRET_X: 'hunter2' })
    const before = new Set(serverFolders())
    const connections = await Promise.all(files.map((path) => hyper.connect({ path, create: 2 })))
    const [at, ...others] = serverFolders().filter((name) => !before.has(name))
    expect(others).toEqual([])
    expect(statSync(at!).mode & 0o777).toBe(0o700)
    expect(Buffer.byteLength(join(at!, '.s.PGSQL.5432'))).toBeLessThan(104)
    const pid = serverPid(at!)
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    expect(words.filter((word) => /passw|secret|hunter2/i.test(word))).toEqual(['--no-password'])
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('')
    expect(readdirSync(at!).filter((name) => name.endsWith('.log'))).toEqual([])
    await Promise.all(connections.map((c) => c.close()))
    await hyper.close()
    expect([isAlive(pid), existsSync(at!)]).toEqual([false, false])
  })

  test('reads and writes nothing outside of its folders', async () => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    writeFileSync(join(folder, 'outside.csv'), '1\n')
    writeFileSync(join(inside, 'inside.csv'), '1\n')
    const hyper = openHyper({ env: {}, projectRoot: process.cwd() })
    onTestFinished(() => hyper.close())
    const connection = await hyper.connect({ path: join(inside, 'x.hyper'), create: 2, reads: [inside] })
    await connection.execute('create table t (a int)')
    await connection.execute(`copy t from '${inside}/inside.csv' with (format csv)`)
    expect(await connection.query('select * from t')).toEqual([['1']])
    const refused = (sql: string) =>
      hyper.connect({ path: join(inside, 'x.hyper') }).then(async (c) => {
        const text = await failure(c.execute(sql))
        await c.close()
        return text
      })
    for (const path of [join(folder, 'outside.csv'), `${inside}/../outside.csv`, '/etc/passwd']) {
      expect(await refused(`copy t from '${path}' with (format csv)`)).toContain('The file is inaccessible')
      expect(
        await refused(`select * from external('${path}', format => 'csv', columns => DESCRIPTOR(a text))`),
      ).toMatch(/inaccessible/)
    }
    expect(await refused(`create database "${folder}/outside.hyper"`)).toContain('cannot be accessed')
    await connection.close()
  })

  test('a folder that no list can name is refused', async () => {
    const odd = join(folder, 'a;b')
    mkdirSync(odd)
    expect(await failure(shared.connect({ path: join(odd, 'x.hyper'), create: 2 }))).toContain(
      `exports/hyper-folder: \`hyperd\` cannot be given the folder \`${odd}\``,
    )
  })

  test('a folder for temporary files that is not there is named', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'gone'))
    onTestFinished(() => void vi.unstubAllEnvs())
    const said = await failure(own().connect({ path: join(folder, 'y.hyper'), create: 2 }))
    expect(said).toContain(`hyper-temporary: \`hyperd\` needs a folder for temporary files, and \`${folder}/gone\``)
    expect(said).toContain('cannot be used: it does not exist\nname another one in `TMPDIR`')
  })

  test('a file that is open elsewhere is said to be', async () => {
    const path = join(folder, 'open.hyper')
    const connection = await shared.connect({ path, create: 2 })
    expect(await failure(own().connect({ path }))).toContain(`\`${path}\` is open in another program`)
    expect(await failure(shared.validate({ path }))).toContain(`\`${path}\` is open in another program`)
    await connection.close()
  })

  test('a damaged file is said to be', async () => {
    const path = join(folder, 'damaged.hyper')
    const connection = await shared.connect({ path, create: 2 })
    await connection.execute('create table t as select i, i::text as t from generate_series(1, 100000) as g(i)')
    await connection.close()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(7, bytes.length >> 1, (bytes.length >> 1) + 5000))
    expect(await failure(shared.validate({ path }))).toContain(`Hyper finds \`${path}\` damaged`)
  })

  test('a disk that is full is said to be', async () => {
    const path = join(folder, 'full.hyper')
    // Files that grow too large fail as on a full disk, and the signal that tells it is ignored.
    const limited = script('limited', `trap '' XFSZ\nulimit -f 4096\nexec "${hyperd.path}" "$@"`)
    const connection = await own({ TSDBT_HYPERD: limited }).connect({ path, create: 2 })
    const fill = `create table t as select i, random()::text || i::text as t from generate_series(1, 3000000) as g(i)`
    expect(await failure(connection.execute(fill))).toContain(`the disk is full: \`${path}\` could not grow`)
    await connection.close()
  })

  test('a server that is killed is said to be, and the next file gets another', async () => {
    const hyper = own()
    const before = new Set(serverFolders())
    const connection = await hyper.connect({ path: join(folder, 'killed.hyper'), create: 2 })
    const pid = serverPid(serverFolders().find((name) => !before.has(name))!)
    const work = failure(connection.execute('create table t as select i from generate_series(1, 2000000000) as g(i)'))
    process.kill(pid, 'SIGKILL')
    expect(await work).toContain('exports/hyperd-died: `hyperd` ended in the middle of its work (by SIGKILL)')
    await connection.close()
    const again = await hyper.connect({ path: join(folder, 'killed-2.hyper'), create: 2 })
    expect(await again.query('select 1')).toEqual([['1']])
    await again.close()
  })

  test('work that is cancelled ends at once', async () => {
    const stop = new AbortController()
    const path = join(folder, 'cancelled.hyper')
    const hyper = own()
    const connection = await hyper.connect({ path, create: 2, signal: stop.signal })
    const work = connection.execute('create table t as select i from generate_series(1, 2000000000) as g(i)')
    stop.abort()
    await expect(work).rejects.toBeInstanceOf(CancelledError)
    await connection.close()
    await expect(hyper.connect({ path, signal: stop.signal })).rejects.toBeInstanceOf(CancelledError)
  })

  test('a start that fails shows the last words, and leaves nothing', async () => {
    const before = serverFolders()
    const broken = script('broken', 'echo "no room on deck" >&2\nexit 3')
    const path = join(folder, 'never.hyper')
    expect(await failure(own({ TSDBT_HYPERD: broken }).connect({ path, create: 2 }))).toBe(
      `exports/hyperd-start: \`hyperd\` ended with code 3 before it was ready: no room on deck\nit is \`${broken}\``,
    )
    const silent = script('silent', `echo $$ > "${folder}/silent.pid"\nexec sleep 1000`)
    const slow = own({ TSDBT_HYPERD: silent }, { startLimitMs: 300 })
    expect(await failure(slow.connect({ path, create: 2 }))).toContain('did not answer within 0.3 s')
    expect(isAlive(Number(readFileSync(join(folder, 'silent.pid'), 'utf8')))).toBe(false)
    expect(serverFolders()).toEqual(before)
  })
})

test('a process that is killed takes its server along, and the next one clears its folder away', async () => {
  const bundle = join(process.cwd(), 'node_modules/.cache', `tsdbt-spec-hyper-${process.pid}.mjs`)
  const source = join(folder, 'victim.ts')
  const code = `import { openHyper } from '${process.cwd()}/src/exports/hyper/open-hyper.ts'
const hyper = openHyper({ env: { TSDBT_HYPERD: '${hyperd.path}' }, projectRoot: '${folder}' })
await hyper.connect({ path: '${join(folder, 'victim.hyper')}', create: 2 })
console.log('ready')
setInterval(() => undefined, 1000)`
  writeFileSync(source, code)
  execFileSync(join(process.cwd(), 'node_modules/.bin/esbuild'), [
    source,
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--external:pg',
    '--external:pg-copy-streams',
    '--log-level=error',
    `--outfile=${bundle}`,
  ])
  onTestFinished(() => rmSync(bundle, { force: true }))
  const victim = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    victim.stdout.once('data', () => resolve())
    victim.once('exit', () => reject(new Error('it ended')))
  })
  const [left] = serverFolders(victim.pid)
  const pid = serverPid(left!)
  expect(isAlive(pid)).toBe(true)
  victim.kill('SIGKILL')
  for (const end = Date.now() + 30_000; isAlive(pid) && Date.now() < end; ) await delay(20)
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(left!)).toBe(true)
  const next = own()
  await (await next.connect({ path: join(folder, 'next.hyper'), create: 2 })).close()
  expect(existsSync(left!)).toBe(false)
})
