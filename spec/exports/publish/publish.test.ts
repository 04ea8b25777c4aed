import { createHash } from 'node:crypto'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CancelledError, UserError } from '../../../src/base/errors.ts'
import { Scrubber } from '../../../src/base/scrub.ts'
import type { PublishOptions } from '../../../src/config/exports/publish/publish-options.ts'
import type { Published } from '../../../src/exports/publisher.ts'
import { type Patience, usualPatience } from '../../../src/exports/tableau/publish/patience.ts'
import { readTableauAccount } from '../../../src/exports/tableau/publish/tableau-account.ts'
import { TableauPublisher } from '../../../src/exports/tableau/publish/tableau-publisher.ts'
import type { Sizes } from '../../../src/exports/tableau/publish/upload-in-pieces.ts'
import { failure, ProtocolServer } from './protocol-server.ts'
import { zipOf } from './zip-of.ts'

const emea = '4cc52973-5e3a-4d1f-a4fb-5b5f73796edf'
const usual: PublishOptions = {
  project: ['Marketing', 'EMEA'],
  name: 'Campaign trends & <"more">',
  description: null,
  overwrite: false,
  showTabs: false,
  skipConnectionCheck: false,
  validate: true,
  asJob: null,
  timeoutMs: 60_000,
}
const span = (start: number) => ({ path: 'exports.yml', start, end: start + 1 })

let server: ProtocolServer
let folder: string
let waits: number[]
let log: string[]
let stop: AbortController
let open_: TableauPublisher[]

beforeEach(async () => {
  server = await ProtocolServer.start()
  folder = await mkdtemp(join(tmpdir(), 'tsdbt-publish-'))
  waits = []
  log = []
  open_ = []
  stop = new AbortController()
})

afterEach(async () => {
  for (const publisher of open_) await publisher.close()
  await server.stop()
  await rm(folder, { recursive: true })
  expect(server.violations).toEqual([])
  // Neither the secret nor the token of a session is told to anybody.
  expect(log.join('\n')).not.toMatch(/s3cr3t|\w{32}\|/)
  // Whatever happened, no session stays open.
  expect(server.tokens.size).toBe(0)
})

const impatient: Patience = {
  ...usualPatience,
  stallMs: 30_000,
  answerMs: 30_000,
  looks: 3,
  pause: async (ms, signal) => {
    waits.push(ms)
    if (signal.aborted) throw new CancelledError()
  },
}

function publisher(given: { sizes?: Sizes; patience?: Partial<Patience>; env?: Record<string, string> } = {}) {
  const env = {
    TABLEAU_SERVER: server.url,
    TABLEAU_SITE: 'Samples',
    TABLEAU_PAT_NAME: 'ci',
    TABLEAU_PAT_SECRET: server.secret,
    ...given.env,
  }
  const made = new TableauPublisher({
    account: readTableauAccount(env),
    secrets: new Scrubber(),
    signal: stop.signal,
    tell: (text) => log.push(text),
    patience: { ...impatient, ...given.patience },
    ...(given.sizes === undefined ? {} : { sizes: given.sizes }),
  })
  open_.push(made)
  return made
}

async function fileOf(name: string, content: Buffer | string = `the bytes of ${name}\r\n--not-a-boundary`) {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function send(
  to: TableauPublisher,
  name: string,
  options: Partial<PublishOptions> = {},
  content?: Buffer | string,
) {
  return await to.publish({
    node: 'export.shop.trends',
    format: name.replace(/^.*\./, ''),
    path: await fileOf(name, content),
    shown: `exports/${name}`,
    entry: { options: { ...usual, ...options }, span: span(0), projectSpan: span(10), nameSpan: span(20) },
  })
}

/** The one diagnostic of a failure, and its text. */
async function refusal(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => undefined,
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(UserError)
  const { diagnostics } = error as UserError
  expect(diagnostics).toHaveLength(1)
  const [diagnostic] = diagnostics
  log.push(JSON.stringify(diagnostic))
  return diagnostic!
}

/** An address that nobody listens at. */
async function closedServer(): Promise<string> {
  const other = await ProtocolServer.start()
  const { url } = other
  await other.stop()
  return url
}

const small: Sizes = { wholeBelow: 1000, piece: 400 }
const large = Buffer.from(Array.from({ length: 1500 }, (_, i) => (i * 7) % 256))

describe('protocol check: what is sent', () => {
  it('publishes every kind of file within one session, and says what became of it', async () => {
    const to = publisher()
    const published: Published[] = []
    for (const name of ['a.hyper', 'b.tdsx', 'c.tds', 'd.parquet', 'e.twbx', 'f.twb'])
      published.push(
        await send(to, name, { name, description: `of ${name}\n& more`, showTabs: name === 'f.twb', validate: false }),
      )
    await to.close()
    expect(server.content.map((c) => [c.kind, c.name, c.project, c.query])).toEqual([
      ['datasource', 'a.hyper', emea, { datasourceType: 'hyper' }],
      ['datasource', 'b.tdsx', emea, { datasourceType: 'tdsx' }],
      ['datasource', 'c.tds', emea, { datasourceType: 'tds' }],
      ['datasource', 'd.parquet', emea, { datasourceType: 'parquet' }],
      ['workbook', 'e.twbx', emea, { workbookType: 'twbx' }],
      ['workbook', 'f.twb', emea, { workbookType: 'twb' }],
    ])
    expect(server.content[0]!.bytes.toString()).toBe('the bytes of a.hyper\r\n--not-a-boundary')
    expect(server.content[0]!.description).toBe('of a.hyper\n& more')
    expect(published[0]).toEqual({
      kind: 'datasource',
      id: server.content[0]!.id,
      name: 'a.hyper',
      project: '/Marketing/EMEA',
      server: server.url,
      site: 'Samples',
      url: `${server.url}/#/site/Samples/datasources/7`,
      updatedAt: '2026-02-01T00:00:01Z',
      bytes: 38,
      job: null,
      validated: false,
    })
    expect(server.sent('GET /serverInfo')).toHaveLength(1)
    expect(server.sent('POST /auth/signin')).toHaveLength(1)
    expect(server.sent('POST /auth/signout')).toHaveLength(1)
    // Two pages of projects, asked once.
    expect(server.sent('GET /projects')).toHaveLength(2)
  })

  it('replaces with `overwrite`, asks first without, and never publishes twice in one run', async () => {
    const to = publisher()
    const first = await send(to, 'a.hyper')
    expect((await refusal(send(to, 'a.hyper', { overwrite: true }))).code).toBe('publish/twice')
    await to.close()
    const again = await send(publisher(), 'a.hyper', { overwrite: true }, 'new')
    expect(again.id).toBe(first.id)
    expect(server.content.map((c) => c.bytes.toString())).toEqual(['new'])
    await open_.pop()!.close()
    const posts = server.sent('POST /datasources').length
    const taken = await refusal(send(publisher(), 'a.hyper', { name: usual.name.toUpperCase().replace(',', '') }))
    expect(taken.code).toBe('publish/name-taken')
    expect(taken.span).toEqual(span(20))
    // The index of a server lags behind, and this one has other letters: the server itself refused.
    expect(server.sent('POST /datasources').length).toBe(posts + 1)
    await open_.pop()!.close()
    expect((await refusal(send(publisher(), 'a.hyper'))).message).toContain('already, last changed 2026-02-01')
    expect(server.sent('POST /datasources').length).toBe(posts + 1)
  })

  it('sends large files in pieces, as a job, and waits for it', async () => {
    const done = await send(publisher({ sizes: small }), 'big.hyper', { overwrite: true }, large)
    expect(server.content[0]!.bytes.equals(large)).toBe(true)
    expect(server.sent('PUT /fileUploads').map((r) => r.parts[1]!.content.length)).toEqual([400, 400, 400, 300])
    expect(done.job).toMatch(/^[\w-]{36}$/)
    expect(done.url).toContain('/datasources/7')
    expect(server.content[0]!.query).toMatchObject({ asJob: 'true', overwrite: 'true' })
    expect(server.sent('GET /jobs')).toHaveLength(2)
  })

  it('sends 64 MB and more in pieces of 50 MB from disk, in little memory', { timeout: 60_000 }, async () => {
    const path = await fileOf('huge.hyper')
    const size = 64 * 1024 * 1024 + 5
    await truncate(path, size)
    const handle = await open(path, 'r+')
    await handle.write(Buffer.from('the end'), 0, 7, size - 7)
    await handle.close()
    const entry = { options: usual, span: span(0), projectSpan: span(10), nameSpan: span(20) }
    await publisher().publish({
      node: 'export.shop.huge',
      format: 'hyper',
      path,
      shown: 'huge.hyper',
      entry,
    })
    const pieces = server.sent('PUT /fileUploads').map((r) => r.parts[1]!.content.length)
    expect(pieces).toEqual([50 * 1024 * 1024, size - 50 * 1024 * 1024])
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    const whole = Buffer.alloc(size)
    whole.set(Buffer.from('the bytes of huge.hyper\r\n--not-a-boundary'))
    whole.set(Buffer.from('the end'), size - 7)
    expect(hash(server.content[0]!.bytes)).toBe(hash(whole))
  })

  it('lets a new server look at a workbook first, and shows where it is wrong', async () => {
    server.api = '3.29'
    const to = publisher()
    const done = await send(to, 'a.twb', { name: 'A' }, '<workbook/>')
    expect(done.validated).toBe(true)
    const zip = await zipOf({ 'Data/Extracts/x.hyper': 'x', 'sales.twb': '<workbook version="18.1"/>' })
    expect((await send(to, 'b.twbx', { name: 'B' }, zip)).validated).toBe(true)
    const sent = server
      .sent('POST /workbooks/validateWorkbook')
      .map((r) => [r.parts[0]!.filename, `${r.parts[0]!.content}`])
    expect(sent).toEqual([
      ['a.twb', '<workbook/>'],
      ['sales.twb', '<workbook version="18.1"/>'],
    ])
    server.workbookFaults = [
      { severity: 'ERROR', message: 'Missing closing tag', line: 127, column: 5, elementName: 'preferences' },
    ]
    const wrong = await refusal(send(to, 'c.twb', { name: 'C' }, '<workbook>'))
    expect(wrong.message).toBe('Tableau could not open the workbook `c.twb`: Missing closing tag')
    expect(wrong.notes).toContain('c.twb:127:5 <preferences>: Missing closing tag')
    expect(server.content.map((c) => c.name)).toEqual(['A', 'B'])
    await send(to, 'd.twb', { name: 'D', validate: false }, '<workbook>')
    expect(server.sent('POST /workbooks/validateWorkbook')).toHaveLength(3)
  })

  it('finds nested projects by their path or their id', async () => {
    const slash = { id: '7dd52973-5e3a-4d1f-a4fb-5b5f73796edf', name: 'A/B', parent: emea }
    const twin = { id: '8dd52973-5e3a-4d1f-a4fb-5b5f73796edf', name: 'Marketing', parent: 'hidden' }
    server.projects = [...server.projects, slash]
    const to = publisher()
    expect((await send(to, 'a.hyper', { project: ['Marketing', 'EMEA', 'A/B'] })).project).toBe('/Marketing/EMEA/A//B')
    expect((await send(to, 'b.hyper', { project: [emea.toUpperCase()] })).name).toBe(usual.name)
    expect(server.content.map((c) => c.project)).toEqual([slash.id, emea])
    await to.close()
    server.projects = [...server.projects, twin]
    const two = await refusal(send(publisher(), 'a.hyper', { project: ['Marketing'] }))
    expect([two.code, two.hints?.[0]]).toEqual([
      'publish/ambiguous-project',
      `write the id of the right one as \`project:\`: \`${server.projects[1]!.id}\`, \`${twin.id}\``,
    ])
  })
})

describe('protocol check: trouble on the way', () => {
  it('signs in again once when the session ends in the middle', async () => {
    server.once('PUT /fileUploads', { kind: 'expire' })
    await send(publisher({ sizes: small }), 'big.hyper', {}, large)
    expect(server.content[0]!.bytes.equals(large)).toBe(true)
    expect(server.sent('POST /auth/signin')).toHaveLength(2)
    server.always('GET /datasources', {
      kind: 'answer',
      status: 401,
      body: failure(401, '401002', 'Unauthorized', 'no').body,
    })
    const ended = await refusal(send(publisher(), 'b.hyper', { name: 'b' }))
    expect(ended.code).toBe('publish/sign-in')
    expect(server.sent('POST /auth/signin')).toHaveLength(4)
  })

  it('waits as long as the server asks, and gives up when that is too long', async () => {
    const busy = { kind: 'answer', status: 429, headers: { 'retry-after': '7' }, body: 'slow down' } as const
    server.once('POST /datasources', busy)
    server.once('POST /datasources', { ...busy, status: 503 })
    server.once('GET /projects', { kind: 'answer', status: 500 })
    await send(publisher(), 'a.hyper')
    expect(waits).toEqual([1000, 7000, 7000])
    expect(server.content).toHaveLength(1)
    server.once('GET /projects', { ...busy, headers: { 'retry-after': '3600' } })
    const later = await refusal(send(publisher(), 'b.hyper'))
    expect(later.message).toBe('listing the projects failed on the server with status 429: slow down')
    expect(later.hints?.[0]).toContain('3600 seconds')
    waits = []
    server.always('GET /projects', { kind: 'answer', status: 502, body: '<html><title>Bad gateway</title>' })
    const failed = await refusal(send(publisher(), 'b.hyper'))
    expect(failed.message).toBe('listing the projects failed on the server with status 502: Bad gateway, 6 times')
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000])
  })

  it('sends the file anew when a piece may have arrived, so that nothing is in it twice', async () => {
    server.once('PUT /fileUploads', { kind: 'act-then-cut' })
    server.once('PUT /fileUploads', { kind: 'act-then-answer', status: 504, body: '<html>' })
    await send(publisher({ sizes: small }), 'big.hyper', {}, large)
    expect(server.content[0]!.bytes.equals(large)).toBe(true)
    expect(server.sent('POST /fileUploads')).toHaveLength(3)
    server.always('PUT /fileUploads', { kind: 'silent' }, 3)
    const hasty = publisher({ sizes: small, patience: { answerMs: 1000 } })
    const silent = await refusal(send(hasty, 'other.hyper', { name: 'other' }, large))
    expect(silent.message).toContain('cannot be reached (no answer)')
    expect(server.content).toHaveLength(1)
  })

  it('sends again what cannot have arrived whole', async () => {
    server.once('POST /datasources', { kind: 'cut-in-body' })
    const much = Buffer.alloc(8 * 1024 * 1024, 3)
    await send(publisher(), 'a.hyper', {}, much)
    expect(server.sent('POST /datasources')).toHaveLength(2)
    expect(server.content[0]!.bytes.equals(much)).toBe(true)
  })

  it('asks whether it was published when the answer is lost, and never sends it twice', async () => {
    const to = publisher({ patience: { answerMs: 2000 } })
    server.once('POST /datasources', { kind: 'act-then-cut' })
    expect((await send(to, 'a.hyper')).id).toBe(server.content[0]!.id)
    server.once('POST /workbooks', {
      kind: 'act-then-answer',
      status: 504,
      body: '<html><title>Gateway</title></html>',
    })
    expect((await send(to, 'b.twb', { name: 'B' })).id).toBe(server.content[1]!.id)
    server.once('POST /workbooks', { kind: 'cut' })
    const unknown = await refusal(send(to, 'c.twb', { name: 'C' }))
    expect(unknown.code).toBe('publish/outcome-unknown')
    expect(unknown.notes).toEqual(['`exports/c.twb` is new'])
    server.once('POST /workbooks', { kind: 'silent' })
    expect((await refusal(send(to, 'd.twb', { name: 'D' }))).code).toBe('publish/outcome-unknown')
    expect(server.sent('POST /workbooks')).toHaveLength(3)
    expect(server.sent('POST /datasources')).toHaveLength(1)
  })

  it('follows the server to https and to its own host only', async () => {
    const elsewhere = { kind: 'answer', status: 302, headers: { location: 'https://evil.example/api?x=1' } } as const
    server.once('POST /auth/signin', elsewhere)
    const away = await refusal(send(publisher(), 'a.hyper'))
    expect(away.message).toBe(
      `\`${server.url}/api/3.24/auth/signin\` redirects to \`https://evil.example/api\`, and the token is not sent there`,
    )
    server.once('POST /datasources', { ...elsewhere, headers: { location: 'http://other.example/' } })
    expect((await refusal(send(publisher(), 'a.hyper'))).code).toBe('publish/redirected')
    expect(server.content).toEqual([])
    await open_.pop()!.close()
    // Within the server, a POST stays a POST with its body.
    server.once('POST /auth/signin', { ...elsewhere, headers: { location: '/api/3.24/auth/signin' } })
    await send(publisher(), 'a.hyper')
    expect(server.content).toHaveLength(1)
  })

  it('tells the words of the server for what it refuses, and leaves what it had', async () => {
    const before = server.put({
      kind: 'datasource',
      name: 'Old',
      project: emea,
      bytes: Buffer.from('old'),
      description: undefined,
      query: {},
    })
    const cases: readonly (readonly [number, string, string, string])[] = [
      [400, '400011', "There was a problem publishing the file 'a.hyper'.", 'publish/refused'],
      [403, '403004', 'User does not have permission.', 'publish/forbidden'],
      [404, '404005', 'Project could not be found.', 'publish/refused'],
      [409, '409000', 'There is one of that name.', 'publish/refused'],
      [413, '413000', 'Too large.', 'publish/too-large'],
      [422, '422000', 'Unprocessable.', 'publish/refused'],
      [500, '500000', 'Internal server error.', 'publish/server-failed'],
    ]
    for (const [status, code, detail, expected] of cases) {
      server.once('POST /datasources', { kind: 'answer', status, body: failure(status, code, 'Summary', detail).body })
      const to = publisher()
      const told = await refusal(send(to, 'a.hyper', { name: 'Old', overwrite: true }))
      await to.close()
      expect([told.code, told.span, told.node]).toEqual([expected, span(0), 'export.shop.trends'])
      expect(told.message).toContain(detail)
      expect(told.notes).toEqual(['`exports/a.hyper` is new; the site has what it had before'])
    }
    expect(server.content).toEqual([before])
    expect(server.sent('POST /datasources')).toHaveLength(cases.length)
    server.once('POST /datasources', {
      kind: 'answer-at-once',
      status: 413,
      body: failure(413, '413000', 'S', 'No.').body,
    })
    const early = await refusal(send(publisher(), 'b.hyper', { name: 'b' }, Buffer.alloc(4 * 1024 * 1024)))
    expect(early.code).toBe('publish/too-large')
  })

  it('tells what became of the server’s own job', async () => {
    server.jobEnd = { code: '1', notes: 'com.tableau: cannot open <file>' }
    const failed = await refusal(send(publisher(), 'a.hyper', { asJob: true }))
    expect(failed.message).toContain('could not finish the job that publishes the data source')
    expect(failed.message).toContain('cannot open <file>')
    server.jobEnd = { code: '2', notes: '' }
    expect((await refusal(send(publisher(), 'b.hyper', { name: 'b', asJob: true }))).message).toContain('cancelled')
    server.jobPolls = 1000
    let now = 0
    const patience = {
      now: () => now,
      pause: async (ms: number) => {
        now += ms
      },
    }
    const slow = await refusal(send(publisher({ patience }), 'c.hyper', { name: 'c', asJob: true, timeoutMs: 600_000 }))
    expect(slow.message).toBe('the server has not finished the data source `c` after 10 minutes')
    expect(slow.notes).toHaveLength(2)
    expect(server.content).toEqual([])
  })

  it('ends an upload when it is told to, and signs out', async () => {
    const to = publisher({ sizes: small })
    const tell = log.push.bind(log)
    log.push = (...lines: string[]) => {
      if (lines.some((line) => line.includes('800 of 1500'))) stop.abort()
      return tell(...lines)
    }
    const told = await refusal(send(to, 'big.hyper', {}, large))
    expect([told.code, told.notes]).toEqual(['publish/interrupted', ['`exports/big.hyper` is new']])
    await to.close()
    expect(server.sent('POST /datasources')).toHaveLength(0)
    expect(server.sent('POST /auth/signout')).toHaveLength(1)
    expect(server.content).toEqual([])
  })
})

describe('protocol check: mistakes', () => {
  it('tells of an account that cannot be used before anything is asked', () => {
    const account = { TABLEAU_SERVER: 'tableau.example.com/', TABLEAU_PAT_NAME: 'ci', TABLEAU_PAT_SECRET: 'abc' }
    expect(readTableauAccount(account)).toEqual({
      server: 'https://tableau.example.com',
      site: '',
      tokenName: 'ci',
      tokenSecret: 'abc',
    })
    const cases: readonly (readonly [Record<string, string>, string, string])[] = [
      [{ TABLEAU_PAT_SECRET: ' ' }, 'publish/no-account', '`TABLEAU_PAT_SECRET` is not set'],
      [{ TABLEAU_SERVER: 'https://a b' }, 'publish/bad-server', 'is no address'],
      [{ TABLEAU_SERVER: 'ftp://a.example' }, 'publish/bad-server', 'begins with `ftp://`'],
      [{ TABLEAU_SERVER: 'https://me:pw12345@a.example' }, 'publish/bad-server', 'has a user or a password in it'],
      [
        { TABLEAU_SERVER: 'https://us.online.tableau.com/#/site/mkt/home' },
        'publish/bad-server',
        '`TABLEAU_SERVER=https://us.online.tableau.com` and `TABLEAU_SITE=mkt`',
      ],
      [{ TABLEAU_SERVER: 'http://tableau.example.com' }, 'publish/plain-http', 'https://tableau.example.com'],
      [{ TABLEAU_SERVER: 'us.online.tableau.com' }, 'publish/no-site', 'is not set'],
      [{ TABLEAU_SITE: 'https://x/#/site/y' }, 'publish/no-site', 'cannot be the name'],
    ]
    for (const [env, code, words] of cases) {
      let told: unknown
      try {
        readTableauAccount({ ...account, ...env })
      } catch (error) {
        told = error
      }
      expect(told).toBeInstanceOf(UserError)
      const text = JSON.stringify((told as UserError).diagnostics)
      expect(text).toContain(code)
      expect(text).toContain(words)
      expect(text).not.toContain('pw12345')
    }
  })

  it('tells of a server, a token, a site or a project that is not there', async () => {
    const cases: readonly (readonly [Record<string, string>, Partial<PublishOptions>, string, string])[] = [
      [
        { TABLEAU_PAT_SECRET: 's3cr3t wrong' },
        {},
        'publish/sign-in',
        'did not accept the token `ci` for the site `Samples`',
      ],
      [{ TABLEAU_SITE: 'other' }, {}, 'publish/sign-in', '(401001)'],
      [{ TABLEAU_SERVER: await closedServer() }, {}, 'publish/unreachable', '(ECONNREFUSED), after 6 tries'],
      [{}, { project: ['Marketing', 'EMEE'] }, 'publish/no-project', 'did you mean `/Marketing/EMEA`?'],
      [{}, { project: ['Sales', 'DACH'] }, 'publish/no-project', 'projects: `/Marketing`, `/Marketing/APAC`'],
    ]
    for (const [env, options, code, words] of cases) {
      const to = publisher({ env })
      const told = await refusal(send(to, 'a.hyper', options))
      await to.close()
      expect(told.code).toBe(code)
      expect(JSON.stringify([told.message, told.hints])).toContain(words)
    }
    server.api = '3.4'
    expect((await refusal(send(publisher(), 'a.hyper'))).code).toBe('publish/server-too-old')
  })

  it('tells when something else than Tableau answers, without repeating a secret', async () => {
    const page = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' } } as const
    const body = `<!doctype html><title>Sign in with SSO ${server.secret}</title>`
    server.once('GET /serverInfo', { ...page, body })
    const proxy = await refusal(send(publisher(), 'a.hyper'))
    expect(proxy.message).toBe(
      `a web page answered \`${server.url}/api/2.4/serverInfo\` with status 200: Sign in with SSO *****`,
    )
    for (const path of ['POST /auth/signin', 'GET /projects', 'GET /datasources', 'POST /datasources']) {
      server.once(path, { ...page, body })
      const to = publisher()
      expect((await refusal(send(to, 'a.hyper'))).code).toBe('publish/not-tableau')
      await to.close()
    }
    server.once('POST /auth/signin', {
      kind: 'answer',
      status: 401,
      body: `{"error":{"code":"401001","summary":"No","detail":"token ${server.secret}"}}`,
    })
    expect((await refusal(send(publisher(), 'a.hyper'))).message).toMatch(/: No: token \*{5} \(401001\)$/)
  })

  it('tells when the file is not what it was', async () => {
    const gone = publisher().publish({
      node: 'export.shop.gone',
      format: 'hyper',
      path: join(folder, 'gone.hyper'),
      shown: 'gone.hyper',
      entry: { options: usual, span: span(0), projectSpan: span(10), nameSpan: span(20) },
    })
    expect((await refusal(gone)).message).toBe('`gone.hyper` was gone while it was published')
    const to = publisher({ sizes: small })
    const path = join(folder, 'big.hyper')
    server.once('PUT /fileUploads', { kind: 'act-then-answer', status: 500, body: '' })
    const pause = impatient.pause
    const shrinking = publisher({
      sizes: small,
      patience: {
        pause: async (ms, signal) => {
          await truncate(path, 900)
          await pause(ms, signal)
        },
      },
    })
    expect((await refusal(send(shrinking, 'big.hyper', {}, large))).message).toBe(
      '`exports/big.hyper` became shorter while it was published',
    )
    await to.close()
    expect(server.content).toEqual([])
  })
})
