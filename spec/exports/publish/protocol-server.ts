import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { checkXml, type Part, parseMultipart } from './parse-request.ts'

/**
 * Speaks what is documented of Tableau's REST API, as far as publishing needs it, and is strict about every byte that it
 * gets: a protocol check, no Tableau. What does not conform is told in `violations` and answered with 400.
 */
export class ProtocolServer {
  readonly violations: string[] = []
  readonly requests: Received[] = []
  readonly content: Content[] = []
  readonly tokens = new Set<string>()
  readonly uploads = new Map<string, Buffer[]>()
  readonly jobs = new Map<string, Job>()
  projects: Project[] = [
    { id: 'ee8c6e70-43b6-11e6-af4f-f7b0d8e20760', name: 'default', parent: null },
    { id: '1d0304cd-3796-429f-b815-7258370b9b74', name: 'Marketing', parent: null },
    { id: '4cc52973-5e3a-4d1f-a4fb-5b5f73796edf', name: 'EMEA', parent: '1d0304cd-3796-429f-b815-7258370b9b74' },
    { id: '5dd52973-5e3a-4d1f-a4fb-5b5f73796edf', name: 'APAC', parent: '1d0304cd-3796-429f-b815-7258370b9b74' },
  ]
  secret = 's3cr3t+/=&<">Value0123456789'
  api = '3.24'
  /** Polls that a job takes. */
  jobPolls = 2
  jobEnd: { readonly code: string; readonly notes: string } = { code: '0', notes: '' }
  /** Of the project listing. */
  mostPerPage = 2
  workbookFaults: readonly Record<string, unknown>[] = []
  /** Of chunks; the real one is 64 MB. */
  mostInOne = 64 * 1024 * 1024
  readonly #faults: { readonly on: (request: Received) => boolean; readonly fault: Fault }[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  #clock = Date.parse('2026-02-01T00:00:00Z')

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
    })
  }

  static async start(): Promise<ProtocolServer> {
    const server = new ProtocolServer()
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next request that matches `METHOD /path` (from its beginning, behind the site) meets the fault, once. */
  once(what: string, fault: Fault): void {
    this.#faults.push({ on: (request) => `${request.method} ${request.path}`.startsWith(what), fault })
  }

  always(what: string, fault: Fault, times = 100): void {
    for (let i = 0; i < times; i++) this.once(what, fault)
  }

  sent(what: string): readonly Received[] {
    return this.requests.filter((request) => `${request.method} ${request.path}`.startsWith(what))
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((done) => this.#server.close(() => done()))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const path = url.pathname.replace(/^\/api\/[\d.]+(\/sites\/[^/]+)?/, '')
    const received: Received = {
      method: request.method ?? '',
      path,
      fullPath: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers as Received['headers'],
      body: Buffer.alloc(0),
      parts: [],
      digest: '',
    }
    const at = this.#faults.findIndex(({ on }) => on(received))
    const fault = at < 0 ? undefined : this.#faults.splice(at, 1)[0]!.fault
    if (fault?.kind === 'cut-in-body') {
      this.requests.push(received)
      request.once('data', () => request.socket.destroy())
      return
    }
    if (fault?.kind === 'answer-at-once') {
      this.requests.push(received)
      response.writeHead(fault.status, { 'content-type': 'application/xml', connection: 'close' })
      response.end(fault.body)
      return
    }
    const pieces: Buffer[] = []
    try {
      for await (const piece of request) pieces.push(piece as Buffer)
    } catch {
      return
    }
    const body = Buffer.concat(pieces)
    const whole: Received = { ...received, body, digest: createHash('sha256').update(body).digest('hex') }
    this.requests.push(whole)
    if (fault?.kind === 'cut') return void request.socket.destroy()
    if (fault?.kind === 'silent') return
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, fault.headers ?? { 'content-type': 'application/xml' })
      response.end(fault.body ?? '')
      return
    }
    if (fault?.kind === 'expire') this.tokens.clear()
    let answer: Answer
    try {
      answer = this.#answer(whole)
    } catch (error) {
      this.violations.push(`${whole.method} ${whole.fullPath}: ${(error as Error).message}`)
      answer = failure(400, '400000', 'Bad Request', (error as Error).message)
    }
    if (fault?.kind === 'act-then-cut') return void request.socket.destroy()
    if (fault?.kind === 'act-then-answer') answer = { status: fault.status, body: fault.body }
    response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/xml;charset=utf-8' })
    response.end(answer.body)
  }

  #answer(request: Received): Answer {
    const { method, path, headers, body } = request
    check(headers['transfer-encoding'] === undefined, 'a body without a length')
    check(body.length === Number(headers['content-length'] ?? 0), 'a wrong length')
    check(/^(tsdbt\/|Tableau Server Client\/)/.test(headers['user-agent'] ?? ''), 'no user agent')
    if (path === '/serverInfo') {
      check(method === 'GET' && headers['x-tableau-auth'] === undefined, 'serverInfo is asked without a token')
      return xml(
        `<serverInfo><productVersion build="20261.26.0121.1712">2026.1.0</productVersion><restApiVersion>${this.api}</restApiVersion></serverInfo>`,
      )
    }
    check(request.fullPath.startsWith(`/api/${this.api}/`), 'another version of the API')
    if (path === '/auth/signin') return this.#signIn(request)
    if (!this.tokens.has(headers['x-tableau-auth'] ?? ''))
      return failure(401, '401002', 'Unauthorized Access', 'Invalid authentication credentials were provided.')
    if (path === '/auth/signout') {
      this.tokens.delete(headers['x-tableau-auth']!)
      return { status: 204, body: '' }
    }
    check(request.fullPath.startsWith(`/api/${this.api}/sites/${siteId}/`), 'another site')
    const found = routes.find(([verb, pattern]) => verb === method && pattern.test(path))
    check(found !== undefined, 'an address that Tableau does not have')
    return found![2](this, request)
  }

  #signIn({ method, headers, body }: Received): Answer {
    check(method === 'POST' && /^(text|application)\/xml$/.test(headers['content-type'] ?? ''), 'a sign-in in XML')
    const root = checkXml(body.toString('utf8'), {
      tsRequest: { attributes: [], children: ['credentials'] },
      credentials: { attributes: ['personalAccessTokenName', 'personalAccessTokenSecret'], children: ['site'] },
      site: { attributes: ['contentUrl'], children: [] },
    })
    const credentials = root['credentials']!
    if (credentials['personalAccessTokenSecret'] !== this.secret || credentials['personalAccessTokenName'] !== 'ci')
      return failure(401, '401001', 'Signin Error', 'Error signing in to Tableau Server')
    if (root['site']!['contentUrl'] !== 'Samples') return failure(401, '401001', 'Signin Error', 'no such site')
    const token = `${randomUUID().replaceAll('-', '')}|${randomUUID()}|${siteId}`
    // One token has one session.
    this.tokens.clear()
    this.tokens.add(token)
    return xml(
      `<credentials token="${token}" estimatedTimeToExpiration="364:36:47"><site id="${siteId}" contentUrl="Samples"/><user id="1a96d216-e9b8-497b-a82a-0b899a965e01"/></credentials>`,
    )
  }

  /** Of the multipart messages; notes the parts beside the request. */
  parts(request: Received, kind: 'mixed' | 'form-data'): readonly Part[] {
    const parts = parseMultipart(request.headers['content-type'] ?? '', request.body, kind)
    request.parts.push(...parts)
    return parts
  }

  /** Later than every time before. */
  tick(): string {
    this.#clock += 1000
    return new Date(this.#clock).toISOString().replace('.000', '')
  }

  put(item: Omit<Content, 'id' | 'updatedAt'>): Content {
    const before = this.content.findIndex((c) => sameContent(c, item))
    const id = before < 0 ? randomUUID() : this.content[before]!.id
    const content: Content = { ...item, id, updatedAt: this.tick() }
    if (before < 0) this.content.push(content)
    else this.content[before] = content
    return content
  }
}

const siteId = '6b7179ba-b82b-4f0f-91ed-812074ac5da6'

export interface Received {
  readonly method: string
  /** Behind the site. */
  readonly path: string
  readonly fullPath: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly parts: Part[]
  readonly digest: string
}

export interface Project {
  readonly id: string
  readonly name: string
  readonly parent: string | null
}

export interface Content {
  readonly id: string
  readonly kind: 'datasource' | 'workbook'
  readonly name: string
  readonly project: string
  readonly updatedAt: string
  readonly bytes: Buffer
  readonly description: string | undefined
  readonly query: Readonly<Record<string, string>>
}

interface Job {
  polls: number
  readonly item: Omit<Content, 'id' | 'updatedAt'>
}

export type Fault =
  /** Whole request read, then an answer instead of the usual one. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly kind: 'cut' | 'cut-in-body' | 'silent' | 'act-then-cut' | 'expire' }
  | { readonly kind: 'answer-at-once' | 'act-then-answer'; readonly status: number; readonly body: string }

interface Answer {
  readonly status: number
  readonly body: string
  readonly type?: string
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not as documented: ${what}`)
}

const head =
  '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<tsResponse xmlns="http://tableau.com/api" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://tableau.com/api https://help.tableau.com/samples/en-us/rest_api/ts-api_3_24.xsd">'

function xml(inner: string, status = 200): Answer {
  return { status, body: `${head}${inner}</tsResponse>` }
}

export function failure(status: number, code: string, summary: string, detail: string): Answer {
  const text = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return xml(
    `<error code="${code}"><summary>${text(summary)}</summary><detail>${text(detail)}</detail></error>`,
    status,
  )
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function sameContent(a: Omit<Content, 'id' | 'updatedAt'>, b: Omit<Content, 'id' | 'updatedAt'>): boolean {
  return a.kind === b.kind && a.project === b.project && a.name.toLowerCase() === b.name.toLowerCase()
}

function contentXml(server: ProtocolServer, content: Content): string {
  const { kind, id, name, updatedAt, project } = content
  const parent = server.projects.find((p) => p.id === project)!
  return `<${kind} id="${id}" name="${attribute(name)}" contentUrl="x" webpageUrl="${server.url}/#/site/Samples/${kind}s/7" createdAt="2026-01-01T00:00:00Z" updatedAt="${updatedAt}"><project id="${project}" name="${attribute(parent.name)}"/><owner id="5de011f8-5aa9-4d5b-b991-f462c8dd6bb7"/><tags/></${kind}>`
}

type Handler = (server: ProtocolServer, request: Received) => Answer

const routes: readonly (readonly [string, RegExp, Handler])[] = [
  ['GET', /^\/projects$/, listProjects],
  ['GET', /^\/(datasources|workbooks)$/, listContent],
  ['GET', /^\/(datasources|workbooks)\/[\w-]+$/, readContent],
  ['POST', /^\/fileUploads$/, openUpload],
  ['PUT', /^\/fileUploads\/[^/]+$/, append],
  ['POST', /^\/(datasources|workbooks)$/, publish],
  ['GET', /^\/jobs\/[\w-]+$/, readJob],
  ['POST', /^\/workbooks\/validateWorkbook$/, validate],
]

function paged<T>({ query }: Received, all: readonly T[], most: number): { readonly some: readonly T[]; head: string } {
  const number = Number(query['pageNumber'] ?? 1)
  const size = Number(query['pageSize'] ?? 100)
  check(size >= 1 && size <= 1000 && number >= 1, 'pageSize from 1 to 1000')
  const step = Math.min(size, most)
  return {
    some: all.slice((number - 1) * step, number * step),
    head: `<pagination pageNumber="${number}" pageSize="${step}" totalAvailable="${all.length}"/>`,
  }
}

function listProjects(server: ProtocolServer, request: Received): Answer {
  const { some, head } = paged(request, server.projects, server.mostPerPage)
  const shown = some.map(
    ({ id, name, parent }) =>
      `<project id="${id}" name="${attribute(name)}" description="" contentPermissions="ManagedByOwner"${parent === null ? '' : ` parentProjectId="${parent}"`}><owner id="dd2239f6-ddf1-4107-981a-4cf94e415794"/></project>`,
  )
  return xml(`${head}<projects>${shown.join('')}</projects>`)
}

function listContent(server: ProtocolServer, request: Received): Answer {
  const kind = request.path.slice(1, -1) as Content['kind']
  const { filter } = request.query
  const wanted = filter === undefined ? undefined : /^name:eq:([^,]*)$/.exec(filter)?.[1]
  check(filter === undefined || wanted !== undefined, 'a filter by name')
  const all = server.content.filter((c) => c.kind === kind && (wanted === undefined || c.name === wanted))
  const { some, head } = paged(request, all, 1000)
  return xml(`${head}<${kind}s>${some.map((c) => contentXml(server, c)).join('')}</${kind}s>`)
}

function readContent(server: ProtocolServer, { path }: Received): Answer {
  const found = server.content.find((c) => path.endsWith(c.id))
  return found === undefined ? failure(404, '404004', 'Resource Not Found', 'gone') : xml(contentXml(server, found))
}

function openUpload(server: ProtocolServer, { body }: Received): Answer {
  check(body.length === 0, 'an upload begins without a body')
  const id = `${1000 + server.uploads.size}:${randomUUID().replaceAll('-', '')}-0:0`
  server.uploads.set(id, [])
  return xml(`<fileUpload uploadSessionId="${id}"/>`, 201)
}

function append(server: ProtocolServer, request: Received): Answer {
  const id = decodeURIComponent(request.path.split('/')[2]!)
  const upload = server.uploads.get(id)
  if (upload === undefined) return failure(404, '404000', 'Resource Not Found', 'no such upload')
  const [payload, file, ...more] = server.parts(request, 'mixed')
  check(more.length === 0 && payload?.name === 'request_payload' && file?.name === 'tableau_file', 'two parts')
  check(payload.content.length === 0, 'an empty request_payload')
  check(file.content.length > 0 && file.content.length <= server.mostInOne, 'at most 64 MB in a piece')
  check(upload.length < 1000, 'at most 1000 pieces')
  upload.push(Buffer.from(file.content))
  const size = upload.reduce((sum, piece) => sum + piece.length, 0)
  return xml(`<fileUpload uploadSessionId="${id}" fileSize="${Math.ceil(size / 1024 / 1024)}"/>`)
}

const types = { datasource: ['hyper', 'tds', 'tdsx', 'parquet'], workbook: ['twb', 'twbx'] }
const queryKeys = ['uploadSessionId', 'overwrite', 'asJob']

function publish(server: ProtocolServer, request: Received): Answer {
  const kind = request.path.slice(1, -1) as Content['kind']
  const { query } = request
  const known = [...queryKeys, `${kind}Type`, ...(kind === 'workbook' ? ['skipConnectionCheck'] : ['append'])]
  for (const key of Object.keys(query)) check(known.includes(key), `the parameter ${key}`)
  check(types[kind].includes(query[`${kind}Type`] ?? ''), `${kind}Type`)
  const [payload, file, ...more] = server.parts(request, 'mixed')
  check(
    payload?.name === 'request_payload' && payload.contentType === 'text/xml' && more.length === 0,
    'request_payload',
  )
  const own = kind === 'workbook' ? ['showTabs'] : []
  const root = checkXml(payload.content.toString('utf8'), {
    tsRequest: { attributes: [], children: [kind] },
    [kind]: { attributes: ['name', 'description?', ...own.map((o) => `${o}?`)], children: ['project'] },
    project: { attributes: ['id'], children: [] },
  })
  let bytes: Buffer
  if (query['uploadSessionId'] === undefined) {
    check(file?.name === `tableau_${kind}`, `a part tableau_${kind}`)
    check(file.filename?.endsWith(`.${query[`${kind}Type`]}`) === true, 'a file name that ends as its type')
    check(file.content.length <= server.mostInOne, 'at most 64 MB in one request')
    bytes = file.content
  } else {
    check(file === undefined, 'no file beside an upload')
    const upload = server.uploads.get(query['uploadSessionId'])
    if (upload === undefined) return failure(404, '404000', 'Resource Not Found', 'no such upload')
    bytes = Buffer.concat(upload)
    server.uploads.delete(query['uploadSessionId'])
  }
  const { name, description } = root[kind]!
  const project = root['project']!['id']!
  if (!server.projects.some((p) => p.id === project))
    return failure(404, '404005', 'Resource Not Found', `Project '${project}' could not be found.`)
  const item = { kind, name: name!, project, bytes, description, query }
  if (query['overwrite'] !== 'true' && server.content.some((c) => sameContent(c, item)))
    return failure(403, '403007', 'Forbidden', `The ${kind} '${name}' already exists and may not be overwritten.`)
  if (query['asJob'] !== 'true') return xml(contentXml(server, server.put(item)), 201)
  const id = randomUUID()
  server.jobs.set(id, { polls: 0, item })
  return xml(
    `<job id="${id}" mode="Asynchronous" type="${kind === 'workbook' ? 'PublishWorkbook' : 'PublishDatasource'}" progress="0" createdAt="2026-02-01T00:00:00Z" finishCode="1"/>`,
    202,
  )
}

function readJob(server: ProtocolServer, { path }: Received): Answer {
  const id = path.split('/')[2]!
  const job = server.jobs.get(id)
  if (job === undefined) return failure(404, '404031', 'Resource Not Found', 'no such job')
  job.polls++
  const open = `<job id="${id}" mode="Asynchronous" type="PublishDatasource" createdAt="2026-02-01T00:00:00Z" startedAt="2026-02-01T00:00:00Z"`
  if (job.polls < server.jobPolls) return xml(`${open} progress="0"></job>`)
  const { code, notes } = server.jobEnd
  if (code === '0' && job.polls === server.jobPolls) server.put(job.item)
  const words = notes === '' ? '' : `<extractRefreshJob><notes>${attribute(notes)}</notes></extractRefreshJob>`
  return xml(`${open} progress="100" completedAt="2026-02-01T00:00:09Z" finishCode="${code}">${words}</job>`)
}

function validate(server: ProtocolServer, request: Received): Answer {
  check(request.headers['accept'] === 'application/json', 'Accept: application/json')
  const [workbook, ...more] = server.parts(request, 'form-data')
  check(workbook?.name === 'tableau_workbook' && more.length === 0, 'a part tableau_workbook')
  check(workbook.filename?.endsWith('.twb') === true, 'a file name that ends in .twb')
  const timestamp = '2026-06-10T14:32:18.456Z'
  const type = 'application/json'
  if (server.workbookFaults.length === 0)
    return { status: 200, body: JSON.stringify({ timestamp, warnings: [] }), type }
  return { status: 422, body: JSON.stringify({ timestamp, errors: server.workbookFaults, warnings: [] }), type }
}
