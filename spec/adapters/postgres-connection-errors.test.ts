import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { own, serverUser } from '../../src/adapters/postgres/embedded/server-user.ts'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { UserError } from '../../src/base/errors.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'
import { type ScratchServer, startScratchServer } from '../scratch-server.ts'
import { openPostgresTarget } from './open-postgres-target.ts'
import { hasOpenSsl, lockKey, makeAuthority } from './tls-files.ts'

const PASSWORD = 'Passwort-é-1'
const folder = join(tmpdir(), `tsdbt-spec-connect-${process.pid}`)
const hba = `${folder}-hba.conf`
const rules = `
local all all trust
host all rejected all reject
hostssl all certified all cert
hostssl all encrypted all scram-sha-256
hostnossl all encrypted all reject
host all all all scram-sha-256
`

let server: ScratchServer
let port: number

beforeAll(async () => {
  writeFileSync(hba, rules)
  port = await freePort()
  const settings = { fsync: 'off', listen_addresses: 'localhost', port: String(port), hba_file: hba }
  // Before version 14 passwords are kept as MD5 unless it is said.
  server = await startScratchServer(folder, { password_encryption: 'scram-sha-256', ...settings })
  const quoted = `'${PASSWORD}'`
  await admin(`
    create role plain login password ${quoted};
    create role encrypted login password ${quoted};
    create role certified login;
    create role rejected login password ${quoted};
    create role full_up login password ${quoted} connection limit 0;
    create role no_login password ${quoted};
    create role guild;
    create role member login password ${quoted} in role guild;
    create role expired login password ${quoted} valid until '2000-01-01'`)
  await admin('create database closed allow_connections false')
  await admin('create database private')
  await admin('revoke connect on database private from public')
})

afterAll(async () => {
  await server?.stop()
  rmSync(hba, { force: true })
})

/** As the superuser, over the socket. */
async function admin(sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new pg.Client({ host: server.host, port: server.port, user: server.user, database: 'postgres' })
  await client.connect()
  try {
    const result = (await client.query(sql)) as pg.QueryResult | pg.QueryResult[]
    return (Array.isArray(result) ? result.at(-1)! : result).rows
  } finally {
    await client.end()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, 'localhost', resolve))
  const { port: free } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return free
}

type Values = { readonly [key: string]: ConfigValue }

function target(values: Values): Values {
  return {
    host: 'localhost',
    port,
    user: 'plain',
    password: PASSWORD,
    dbname: 'postgres',
    sslmode: 'disable',
    retries: 0,
    connect_timeout: 5,
    ...values,
  }
}

/** The one diagnostic of an attempt to connect that fails. */
async function refusal(values: Values): Promise<Diagnostic> {
  const error = await openPostgresTarget(target(values), { baseDir: folder }).catch((e: unknown) => e)
  if (!(error instanceof UserError)) throw error
  expect(error.diagnostics).toHaveLength(1)
  const [diagnostic] = error.diagnostics
  expect(diagnostic!.span).toBeDefined()
  expect(JSON.stringify(error.diagnostics)).not.toContain(PASSWORD)
  expect(diagnostic!.message).not.toMatch(/SASL|ECONN|ENO|EAI|ERR_|Error:|undefined|\bat .*:\d+:\d+/)
  return diagnostic!
}

/** The mistake in the target, the code, and what the message says. */
const mistakes: readonly (readonly [about: string, values: Values, code: string, message: RegExp])[] = [
  ['an unknown host', { host: 'nobody.invalid' }, 'db/unknown-host', /`nobody\.invalid`/],
  [
    'a port where nobody listens',
    { port: 1 },
    'db/connection-refused',
    /^nothing listens at `\S+:1` \(localhost:1\/postgres\)$/,
  ],
  ['a wrong password', { password: 'wrong-1' }, 'db/wrong-password', /refuses the user `plain` with this password/],
  ['an unknown user', { user: 'nobody_there' }, 'db/wrong-password', /`nobody_there`/],
  ['a password that is out of date', { user: 'expired' }, 'db/wrong-password', /`expired`/],
  ['no password', { password: null }, 'db/password-missing', /asks for a password, and the target has none/],
  ['a user whom the rules reject', { user: 'rejected' }, 'db/refused-by-rules', /lets no such connection in/],
  ['no encryption where it is wanted', { user: 'encrypted' }, 'db/refused-by-rules', /no encryption|SSL off/],
  ['a role that may not log in', { user: 'no_login' }, 'db/role-cannot-log-in', /not permitted to log in/],
  ['an unknown database', { dbname: 'nowhere' }, 'db/database-missing', /^there is no database `nowhere`/],
  ['a closed database', { dbname: 'closed' }, 'db/database-refused', /not currently accepting connections/],
  ['a database of others', { dbname: 'private' }, 'db/database-refused', /permission denied/],
  ['a user with all connections in use', { user: 'full_up' }, 'db/server-full', /too many connections/],
  ['an unknown role', { role: 'guilt' }, 'db/role-unusable', /^the role `guilt` does not exist$/],
  ['a role of others', { role: 'guild' }, 'db/role-unusable', /^the user may not take on the role `guild`$/],
  ['a folder without a socket', { host: '/nowhere' }, 'db/socket-missing', /^no server has a socket at `\/nowhere\//],
  ['TLS where there is none', { sslmode: 'require' }, 'db/tls-unsupported', /^the server offers no encryption/],
]

describe('mistakes of the target', () => {
  for (const [about, values, code, message] of mistakes) {
    it(about, async () => {
      const diagnostic = await refusal(values)
      expect(diagnostic.code).toBe(code)
      expect(diagnostic.message).toMatch(message)
      expect(diagnostic.hints?.length).toBeGreaterThan(0)
    })
  }

  it('takes on a role that the user is a member of', async () => {
    const adapter = await openPostgresTarget(target({ user: 'member', role: 'guild' }))
    const session = await adapter.acquire()
    expect((await session.query('select current_user::text, session_user::text')).rows).toEqual([['guild', 'member']])
    await session.release()
  })
})

describe('what is no Postgres server', () => {
  /** A server that does something with each connection. */
  async function listen(serve: (socket: Socket) => void): Promise<number> {
    const sockets: Socket[] = []
    const listener: Server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      serve(socket)
    })
    await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      listener.close()
    })
    return (listener.address() as AddressInfo).port
  }

  it('says nothing', async () => {
    expect((await refusal({ port: await listen(() => {}), connect_timeout: 1 })).code).toBe('db/connect-timeout')
  })

  it('hangs up', async () => {
    const hangUp = await listen((socket) => socket.once('data', () => socket.destroy()))
    expect((await refusal({ port: hangUp })).code).toBe('db/connection-closed')
  })

  it('speaks something else', async () => {
    const http = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect((await refusal({ port: http, sslmode: 'require' })).code).toBe('db/not-postgres')
    const closed = await refusal({ port: http })
    expect(closed.code).toBe('db/connection-closed')
    expect(closed.hints?.join()).toContain('another program')
  })
})

// Without `openssl` there are no certificates: the skipped tests say so in the report.
describe.skipIf(!hasOpenSsl)('TLS', () => {
  const files = join(folder, 'tls')

  beforeAll(() => {
    mkdirSync(files)
    const trusted = makeAuthority(files, 'trusted')
    const stranger = makeAuthority(files, 'stranger')
    trusted.sign('good', { commonName: 'localhost', altName: 'DNS:localhost' })
    trusted.sign('old', { commonName: 'localhost', altName: 'DNS:localhost', days: -1 })
    trusted.sign('elsewhere', { commonName: 'db.example.com', altName: 'DNS:db.example.com, DNS:db2.example.com' })
    trusted.sign('certified', { commonName: 'certified' })
    stranger.sign('forged', { commonName: 'certified' })
    makeAuthority(files, 'localhost')
    lockKey(files, 'certified', 'locked')
    writeFileSync(join(files, 'junk.pem'), 'junk\n')
    const user = serverUser(folder)
    for (const name of ['good', 'old', 'elsewhere', 'localhost']) own(join(files, `${name}.key`), user)
  })

  /** Lets the server show a certificate; connections that begin now see it. */
  async function serve(certificate: string): Promise<void> {
    const file = (name: string) => `'${join(files, name)}'`
    await admin('alter system set ssl = on')
    await admin(`alter system set ssl_ca_file = ${file('trusted.crt')}`)
    await admin(`alter system set ssl_cert_file = ${file(`${certificate}.crt`)}`)
    await admin(`alter system set ssl_key_file = ${file(`${certificate}.key`)}`)
    await admin('select pg_reload_conf()')
    const wanted = `current_setting('ssl_cert_file') = ${file(`${certificate}.crt`)}`
    for (;;) {
      const [row] = await admin(`select current_setting('ssl') = 'on' and ${wanted} as done`)
      if (row?.['done'] === true) return
    }
  }

  const verified: Values = { sslmode: 'verify-full', sslrootcert: 'tls/trusted.crt' }

  async function encrypted(values: Values): Promise<unknown> {
    const adapter = await openPostgresTarget(target(values), { baseDir: folder })
    const session = await adapter.acquire()
    const { rows } = await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
    await session.release()
    return rows[0]?.[0]
  }

  it('connects to a server whose name and authority are right', async () => {
    await serve('good')
    expect(await encrypted(verified)).toBe(true)
    expect(await encrypted({ ...verified, user: 'encrypted' })).toBe(true)
    expect(await encrypted({ sslmode: 'require' })).toBe(true)
    expect(await encrypted({ sslmode: 'prefer', user: 'encrypted' })).toBe(true)
    expect(await encrypted({ sslmode: 'disable' })).toBe(false)
  })

  it('refuses an authority that it does not know', async () => {
    await serve('good')
    const unknown = await refusal({ sslmode: 'verify-full' })
    expect(unknown.code).toBe('db/certificate-untrusted')
    expect(unknown.hints?.join()).toContain('`sslrootcert`')
    expect((await refusal({ ...verified, sslrootcert: 'tls/stranger.crt' })).code).toBe('db/certificate-untrusted')
    await serve('localhost')
    const self = await refusal({ sslmode: 'verify-full' })
    expect(self.message).toMatch(/^the server's certificate is signed by itself/)
  })

  it('refuses a certificate for another name, and verify-ca takes it', async () => {
    await serve('elsewhere')
    const diagnostic = await refusal(verified)
    expect(diagnostic.code).toBe('db/certificate-host')
    expect(diagnostic.message).toContain('`db.example.com`, `db2.example.com`')
    expect(await encrypted({ ...verified, sslmode: 'verify-ca' })).toBe(true)
  })

  it('refuses a certificate that has expired', async () => {
    await serve('old')
    const diagnostic = await refusal(verified)
    expect(diagnostic.code).toBe('db/certificate-expired')
    expect(diagnostic.message).toMatch(/has expired/)
    expect(await encrypted({ sslmode: 'require' })).toBe(true)
  })

  it('shows a certificate of its own', async () => {
    await serve('good')
    const certified: Values = { ...verified, user: 'certified', password: null }
    const with_ = (cert: string, key = cert): Values => ({
      ...certified,
      sslcert: `tls/${cert}.crt`,
      sslkey: `tls/${key}.key`,
    })
    expect(await encrypted(with_('certified'))).toBe(true)
    expect((await refusal(certified)).code).toBe('db/client-certificate')
    expect((await refusal(with_('forged'))).code).toBe('db/client-certificate')
    const mismatch = await refusal(with_('certified', 'forged'))
    expect(mismatch.code).toBe('db/certificate-file')
    expect(mismatch.message).toContain('`sslkey` is not the key of `sslcert`')
    const locked = await refusal(with_('certified', 'locked'))
    expect(locked.message).toContain('`sslkey` has a passphrase')
  })

  it('names files that it cannot use', async () => {
    await serve('good')
    expect((await refusal({ ...verified, sslcert: 'tls/junk.pem', sslkey: 'tls/certified.key' })).code).toBe(
      'db/certificate-file',
    )
    expect((await refusal({ ...verified, sslcert: 'tls/certified.crt', sslkey: 'tls/junk.pem' })).code).toBe(
      'db/certificate-file',
    )
    expect((await refusal({ ...verified, sslrootcert: 'tls/junk.pem' })).code).toMatch(
      /db\/certificate-(?:file|untrusted)/,
    )
    expect((await refusal({ ...verified, sslrootcert: 'tls/absent.crt' })).message).toContain('absent.crt')
  })
})
