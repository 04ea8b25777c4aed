import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { databaseNameOf, parseDuckDbProfile } from '../../src/adapters/duckdb/duckdb-profile.ts'
import { engineTypes } from '../../src/adapters/engines.ts'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { CancelledError, UserError } from '../../src/base/errors.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'
import { type OpenOptions, openTarget, profileOutput, temporaryFolder } from './open.ts'

async function refusal(values: { [key: string]: ConfigValue }, options?: OpenOptions): Promise<Diagnostic> {
  const error = await openTarget(values, options).catch((e: unknown) => e)
  if (!(error instanceof UserError)) throw new Error(`no UserError: ${String(error)}`)
  expect(error.diagnostics).toHaveLength(1)
  return error.diagnostics[0]!
}

/** A second process that holds the file until the test ends or `release` is called. */
async function holdFile(file: string): Promise<{ pid: number; release(): Promise<void> }> {
  const code = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
    const instance = await DuckDBInstance.create(process.argv[1])
    console.log('held')
    process.stdin.once('data', () => { instance.closeSync(); process.exit(0) })
  })`
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawn(process.execPath, ['-e', code, file], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  onTestFinished(() => void child.kill())
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return {
    pid: child.pid!,
    release: async () => {
      child.stdin.write('end')
      await exited
    },
  }
}

describe('opening a file', () => {
  it('makes the folder and the file, and keeps what was written', async () => {
    const baseDir = temporaryFolder()
    const first = await openTarget({ path: 'deep/er/shop.duckdb' }, { baseDir })
    const session = await first.acquire()
    await session.execute('create table "shop"."main"."t" as select 1 as a')
    await session.release()
    await first.close()
    const second = await openTarget({ path: 'deep/er/shop.duckdb' }, { baseDir })
    expect((await (await second.acquire()).query('from shop.main.t')).rows).toEqual([[1]])
    expect(existsSync(join(baseDir, 'deep/er/shop.duckdb'))).toBe(true)
  })

  it('names the database as DuckDB does, or as the target says', async () => {
    for (const name of ['a.b.duckdb', 'temp.duckdb', 'main.db', '.hidden', 'my-shop', 'Ünï x.duckdb']) {
      const adapter = await openTarget({ path: name }, { baseDir: temporaryFolder() })
      const { rows } = await (await adapter.acquire()).query('select current_database()')
      expect(rows).toEqual([[databaseNameOf(name)]])
    }
    const renamed = await openTarget({ path: 'x.duckdb', database: 'Other' }, { baseDir: temporaryFolder() })
    const session = await renamed.acquire()
    await session.execute('create table "Other".main.t as select 1 as a')
    expect((await session.query('select current_database() from t')).rows).toEqual([['Other']])
    expect(await renamed.relations([{ database: 'Other', schema: 'main' }])).toHaveLength(1)
  })

  it('reads a name that is both a database and a schema', async () => {
    const adapter = await openTarget({ path: 'shop.duckdb' }, { baseDir: temporaryFolder() })
    await adapter.createSchemas([{ database: 'shop', schema: 'shop' }])
    const session = await adapter.acquire()
    const name = { database: 'shop', schema: 'shop', identifier: 'shop' }
    await session.execute(`create table ${adapter.dialect.relation(name)} as select 1 as shop`)
    expect(await session.columnsOf(name)).toEqual([{ name: 'shop', type: 'INTEGER' }])
  })

  it('refuses a second instance in this process, also through a link', async () => {
    const baseDir = temporaryFolder()
    const first = await openTarget({ path: 'a.duckdb' }, { baseDir })
    symlinkSync(join(baseDir, 'a.duckdb'), join(baseDir, 'b.duckdb'))
    expect((await refusal({ path: 'a.duckdb' }, { baseDir })).code).toBe('db/already-open')
    expect((await refusal({ path: 'b.duckdb' }, { baseDir })).code).toBe('db/already-open')
    expect((await refusal({ attach: [{ path: 'b.duckdb' }] }, { baseDir })).code).toBe('db/already-open')
    const waiting = openTarget({ path: 'a.duckdb' }, { baseDir, waitMs: 10_000 })
    await first.close()
    await (await waiting).close()
  })

  it('says who holds a file, waits for it, and stops waiting when told', async () => {
    const baseDir = temporaryFolder()
    const file = join(baseDir, 'a.duckdb')
    const holder = await holdFile(file)
    const diagnostic = await refusal({ path: 'a.duckdb' }, { baseDir })
    expect(diagnostic.code).toBe('db/locked')
    expect(diagnostic.message).toContain(`PID ${holder.pid}`)
    expect(diagnostic.message).toMatch(/user `.+`.*since/)
    expect(diagnostic.span?.path).toBe('profiles.yml:path:value')
    expect((await refusal({ path: 'a.duckdb' }, { baseDir, waitMs: 1 })).message).toContain('still held')
    expect((await refusal({ attach: [{ path: 'a.duckdb' }] }, { baseDir })).code).toBe('db/locked')
    expect((await refusal({ path: 'a.duckdb', database: 'b' }, { baseDir })).code).toBe('db/locked')
    const stop = new AbortController()
    const stopped = openTarget({ path: 'a.duckdb' }, { baseDir, waitMs: 60_000, signal: stop.signal })
    stop.abort()
    await expect(stopped).rejects.toThrow(CancelledError)
    const waiting = openTarget({ path: 'a.duckdb' }, { baseDir, waitMs: 60_000 })
    await holder.release()
    expect((await (await (await waiting).acquire()).query('select 1')).rows).toEqual([[1]])
  })

  it('gives one clear error for a file that is no database', async () => {
    const baseDir = temporaryFolder()
    writeFileSync(join(baseDir, 'notes.txt'), 'not a database, but a rather long text '.repeat(200))
    mkdirSync(join(baseDir, 'folder'))
    expect((await refusal({ path: 'notes.txt' }, { baseDir })).code).toBe('db/not-a-database')
    expect((await refusal({ path: 'folder' }, { baseDir })).code).toBe('db/not-a-database')
    expect((await refusal({ path: 'notes.txt/a.duckdb' }, { baseDir })).code).toBe('db/not-writable')
  })

  it('gives one clear error for a damaged file', async () => {
    const baseDir = temporaryFolder()
    const adapter = await openTarget({ path: 'a.duckdb' }, { baseDir })
    await (await adapter.acquire()).execute('create table t as from range(100)')
    await adapter.close()
    const bytes = readFileSync(join(baseDir, 'a.duckdb'))
    bytes.fill(7, 20, 60)
    writeFileSync(join(baseDir, 'a.duckdb'), bytes)
    expect((await refusal({ path: 'a.duckdb' }, { baseDir })).code).toBe('db/damaged')
  })

  it.runIf(existsSync('/proc/self'))('gives one clear error where no folder can be made', async () => {
    expect((await refusal({ path: '/proc/nowhere/a.duckdb' })).code).toBe('db/not-writable')
  })

  it.skipIf(process.getuid?.() === 0)('gives one clear error where it may not write', async () => {
    const baseDir = temporaryFolder()
    writeFileSync(join(baseDir, 'a.duckdb'), '')
    chmodSync(join(baseDir, 'a.duckdb'), 0o444)
    expect((await refusal({ path: 'a.duckdb' }, { baseDir })).code).toBe('db/not-writable')
    chmodSync(baseDir, 0o555)
    expect((await refusal({ path: 'b.duckdb' }, { baseDir })).code).toBe('db/not-writable')
    expect((await refusal({ path: 'c/b.duckdb' }, { baseDir })).code).toBe('db/not-writable')
    chmodSync(baseDir, 0o755)
  })

  it('opens read-only when asked', async () => {
    const baseDir = temporaryFolder()
    expect((await refusal({ path: 'a.duckdb', read_only: true }, { baseDir })).code).toBe('db/cannot-open')
    await (await openTarget({ path: 'a.duckdb' }, { baseDir })).close()
    const session = await (await openTarget({ path: 'a.duckdb', read_only: true }, { baseDir })).acquire()
    await expect(session.execute('create table t (a int)')).rejects.toThrow(/read-only/)
  })
})

describe('the rest of a target', () => {
  it('applies settings to every connection', async () => {
    const adapter = await openTarget({ settings: { TimeZone: 'Asia/Tokyo', threads: 1 }, threads: 2 })
    for (const session of [await adapter.acquire(), await adapter.acquire()]) {
      expect((await session.query("select current_setting('TimeZone'), current_setting('threads')")).rows).toEqual([
        ['Asia/Tokyo', 1],
      ])
    }
  })

  it('attaches other databases', async () => {
    const baseDir = temporaryFolder()
    await (await openTarget({ path: 'other.duckdb' }, { baseDir })).close()
    const adapter = await openTarget({ attach: [{ path: 'other.duckdb', alias: 'o', read_only: true }] }, { baseDir })
    expect(
      (await (await adapter.acquire()).query("select count(*) from duckdb_tables() where database_name = 'o'")).rows,
    ).toEqual([[0]])
  })

  it('points at what the engine refuses', async () => {
    const setting = await refusal({ settings: { memory_limt: '1GB' } })
    expect(setting).toMatchObject({ code: 'db/bad-setting', span: { path: 'profiles.yml:settings.memory_limt:key' } })
    expect(setting.hints).toContain('did you mean `memory_limit`?')
    expect((await refusal({ settings: { memory_limit: 'lots' } })).code).toBe('db/bad-setting')
    expect((await refusal({ config_options: { acess_mode: 'x' } })).hints).toContain('did you mean `access_mode`?')
    expect((await refusal({ extensions: ['nosuch'] })).code).toBe('db/missing-extension')
    expect((await refusal({ attach: [{ path: 'absent/a.duckdb' }] })).code).toBe('db/cannot-attach')
  })

  it('shows every mistake in the target at once', () => {
    const values = {
      pth: 'x',
      threads: 0,
      schema_naming: 'none',
      settings: ['a'],
      attach: [{ alias: 'x' }, 'y', { path: 'z', typ: 'sqlite' }],
      extensions: [{}],
    }
    let diagnostics: readonly Diagnostic[] = []
    try {
      parseDuckDbProfile(profileOutput(values))
    } catch (error) {
      diagnostics = (error as UserError).diagnostics
    }
    expect(diagnostics.map((d) => `${d.code} ${d.span?.path}`).sort()).toEqual([
      'db/bad-profile-value profiles.yml:attach.0:value',
      'db/bad-profile-value profiles.yml:attach.1:value',
      'db/bad-profile-value profiles.yml:extensions.0:value',
      'db/bad-profile-value profiles.yml:schema_naming:value',
      'db/bad-profile-value profiles.yml:settings:value',
      'db/bad-profile-value profiles.yml:threads:value',
      'db/unknown-profile-key profiles.yml:attach.2.typ:key',
      'db/unknown-profile-key profiles.yml:pth:key',
    ])
    expect(diagnostics.find((d) => d.message.includes('pth'))?.hints).toContain('did you mean `path`?')
  })

  it('knows the engine without a connection', async () => {
    const duckdb = engineTypes.get('duckdb')!
    expect(await duckdb.version()).toMatch(/^v1\.\d+\.\d+/)
    expect(duckdb.describe(duckdb.parseProfile(profileOutput({ path: 'a.duckdb' })), '/base')).toBe('/base/a.duckdb')
  })
})
