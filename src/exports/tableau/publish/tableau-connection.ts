import type { Diagnostic } from '../../../base/diagnostic.ts'
import { UserError } from '../../../base/errors.ts'
import type { Scrubber } from '../../../base/scrub.ts'
import { version } from '../../../base/version.ts'
import * as errors from './errors.ts'
import { exchange, type HttpReply, LostConnection, type RequestBody } from './http-exchange.ts'
import { type Patience, retryAfterMs, waitBefore } from './patience.ts'
import { redirectTarget } from './redirect-target.ts'
import type { TableauAccount } from './tableau-account.ts'
import { elementOf, readResponse, type ServerWords, serverWords, type TsElement, writeRequest } from './ts-message.ts'

export interface ConnectionParts {
  readonly account: TableauAccount
  readonly patience: Patience
  /** Learns the secret and every token of a session. */
  readonly secrets: Scrubber
  /** Aborting ends what is under way; the session is signed out all the same. */
  readonly signal: AbortSignal
  /** For the log; holds no secret. */
  tell(text: string): void
}

/** A request of a session; paths begin behind `/api/VERSION/sites/SITE`. */
export interface TableauRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: RequestBody | undefined
  /** Whether it does no harm when the server acts on it twice. */
  readonly repeatable: boolean
  /** What is done, for messages: `listing the projects`. */
  readonly doing: string
  /** Of the file that it is about, for messages. */
  readonly file?: { readonly name: string; readonly format: string; readonly bytes: number } | undefined
  readonly accept?: string
}

interface Session {
  readonly token: string
  readonly siteId: string
}

const oldestApi = [3, 6] as const
const farewellMs = 10_000
const hops = 5

/**
 * One session with a Tableau server: asks for its version, signs in on first use and again once when the session expired, and
 * sends requests again where that does no harm. One token has one session at a time, so a run shares one connection.
 */
export class TableauConnection {
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly #parts: ConnectionParts
  #base: string
  #api: Promise<string> | undefined
  #session: Promise<Session> | undefined
  /** How often what ended so was sent. */
  readonly #tries = new WeakMap<HttpReply | LostConnection, number>()

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.patience = parts.patience
    this.signal = parts.signal
    this.#base = parts.account.server
    parts.secrets.add(parts.account.tokenSecret)
  }

  get site(): string {
    return this.#parts.account.site
  }

  get server(): string {
    return this.#parts.account.server
  }

  tell(text: string): void {
    this.#parts.tell(this.#parts.secrets.scrub(text))
  }

  /** Whether the server speaks this version of the API. */
  async speaks(major: number, minor: number): Promise<boolean> {
    return atLeast(await this.#version(), [major, minor])
  }

  /** Sends a request and gives the answer if it is one of success; raises `UserError` otherwise. */
  async ask(request: TableauRequest): Promise<HttpReply> {
    const outcome = await this.attempt(request)
    if (outcome instanceof LostConnection) throw new UserError(this.lost(outcome))
    if (outcome.status >= 200 && outcome.status < 300) return outcome
    throw new UserError(await this.explain(outcome, request))
  }

  /** Like `ask`, and gives the XML of the answer. */
  async askXml(request: TableauRequest): Promise<TsElement> {
    const reply = await this.ask(request)
    const response = await readResponse(reply)
    if (response !== undefined) return response
    const words = await serverWords(reply, this.#parts.secrets)
    throw new UserError(errors.notTableau({ url: this.#shown(request.path), status: reply.status, ...words }))
  }

  /** Sends a request, as often as that does no harm, and gives the last outcome whatever it is. */
  async attempt(request: TableauRequest): Promise<HttpReply | LostConnection> {
    let session = await this.#signedIn()
    const outcome = await this.#attemptAs(session, request)
    if (outcome instanceof LostConnection || outcome.status !== 401) return outcome
    // The session ended in the middle: it expired, or the token signed in elsewhere.
    this.tell('the session ended; signing in again')
    session = await this.#signInAgain(session)
    return await this.#attemptAs(session, request)
  }

  /** What an answer that is no success means. */
  async explain(reply: HttpReply, { doing, file, path }: TableauRequest): Promise<Diagnostic> {
    const { status } = reply
    const words = await serverWords(reply, this.#parts.secrets)
    const { code, text: said } = words
    if (status >= 300 && status < 400) return errors.redirected({ from: this.#shown(path), to: null })
    if (status === 401) return this.#signInDiagnostic(words, status)
    if (status === 403 && code !== '') return errors.forbidden({ doing, said, code })
    if (status === 413 && file !== undefined) return errors.tooLarge({ file: file.name, bytes: file.bytes, said })
    if (status === 408 || status === 429 || status >= 500) {
      const asked = retryAfterMs(reply.headers.get('retry-after'), this.patience.now())
      const wait = asked !== null && asked > this.patience.longestWaitMs ? asked : null
      return errors.serverFailed({ doing, status, said, tries: this.#tries.get(reply) ?? 1, wait })
    }
    if (code === '') return errors.notTableau({ url: this.#shown(path), status, ...words })
    return errors.refused({ doing, status, code, said, format: file?.format ?? '' })
  }

  /** What it means that there was no answer. */
  lost(outcome: LostConnection): Diagnostic {
    const { code, reason } = outcome
    const server = this.#base
    if (reason === 'certificate') return errors.badCertificate({ server, code })
    return errors.unreachable({
      server,
      code,
      unknownHost: reason === 'unknown-host',
      tries: this.#tries.get(outcome) ?? 1,
    })
  }

  /** Ends the session. Never fails: a session that stays ends by itself. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined)
    this.#session = undefined
    if (session === undefined) return
    try {
      await exchange({
        method: 'POST',
        url: `${this.#base}/api/${await this.#version()}/auth/signout`,
        headers: { ...plainHeaders, 'x-tableau-auth': session.token },
        body: null,
        // Not that of the run, which may be aborted.
        signal: AbortSignal.timeout(farewellMs),
        stallMs: farewellMs,
        answerMs: farewellMs,
      })
      this.tell('signed out')
    } catch (error) {
      this.tell(`not signed out: ${error instanceof Error ? error.message : 'unknown'}`)
    }
  }

  #version(): Promise<string> {
    this.#api ??= this.#askVersion()
    return this.#api
  }

  async #askVersion(): Promise<string> {
    const url = '/api/2.4/serverInfo'
    const outcome = await this.#send({ method: 'GET', headers: {}, repeatable: true }, url)
    if (outcome instanceof LostConnection) throw new UserError(this.lost(outcome))
    const info = await readResponse(outcome)
    const api = elementOf(info, 'restApiVersion')?.text
    const product = elementOf(info, 'productVersion')?.text ?? ''
    if (outcome.status !== 200 || api === undefined || !/^\d+\.\d+$/.test(api)) {
      if (outcome.status >= 500 || outcome.status === 429)
        throw new UserError(
          await this.explain(outcome, { method: 'GET', path: url, repeatable: true, doing: 'asking for its version' }),
        )
      const words = await serverWords(outcome, this.#parts.secrets)
      throw new UserError(errors.notTableau({ url: `${this.#base}${url}`, status: outcome.status, ...words }))
    }
    if (!atLeast(api, oldestApi))
      throw new UserError(errors.tooOld({ server: this.server, version: api, product, needs: oldestApi.join('.') }))
    this.tell(`${this.server} is Tableau ${product} with API ${api}`)
    return api
  }

  #signedIn(): Promise<Session> {
    this.#session ??= this.#signIn()
    return this.#session
  }

  /** Several requests may find the session ended: the first one opens the new one. */
  async #signInAgain(ended: Session): Promise<Session> {
    const current = await this.#signedIn()
    if (current.token !== ended.token) return current
    this.#session = this.#signIn()
    return await this.#session
  }

  async #signIn(): Promise<Session> {
    const { account, secrets } = this.#parts
    const api = await this.#version()
    const xml = writeRequest({
      name: 'credentials',
      attributes: { personalAccessTokenName: account.tokenName, personalAccessTokenSecret: account.tokenSecret },
      children: [{ name: 'site', attributes: { contentUrl: account.site } }],
    })
    const bytes = Buffer.from(xml)
    const body: RequestBody = {
      contentType: 'text/xml',
      length: bytes.length,
      async *bytes() {
        yield bytes
      },
    }
    const outcome = await this.#send({ method: 'POST', headers: {}, body, repeatable: true }, `/api/${api}/auth/signin`)
    if (outcome instanceof LostConnection) throw new UserError(this.lost(outcome))
    const credentials = elementOf(await readResponse(outcome), 'credentials')
    const token = credentials?.attributes['token']
    const siteId = elementOf(credentials, 'site')?.attributes['id']
    if (outcome.status >= 200 && outcome.status < 300 && token !== undefined && siteId !== undefined) {
      secrets.add(token)
      // Tokens have parts, and a driver or a log may show one of them.
      for (const part of token.split('|')) if (part.length >= 12) secrets.add(part)
      this.tell(`signed in${account.site === '' ? '' : ` to the site ${account.site}`}`)
      return { token, siteId }
    }
    const words = await serverWords(outcome, secrets)
    const { status } = outcome
    if ((status === 401 || status === 403 || status === 404 || status === 400) && words.code !== '')
      throw new UserError(this.#signInDiagnostic(words, status))
    const asked = { method: 'POST', path: '/auth/signin', repeatable: true, doing: 'signing in' } as const
    if (status >= 300) throw new UserError(await this.explain(outcome, asked))
    throw new UserError(errors.notTableau({ url: `${this.#base}/api/${api}/auth/signin`, status, ...words }))
  }

  #signInDiagnostic(words: ServerWords, status: number): Diagnostic {
    const { server, site, tokenName } = this.#parts.account
    const said = words.code === '' ? `status ${status}` : `${words.text} (${words.code})`
    return errors.signInRefused({ server, site, token: this.#parts.secrets.scrub(tokenName), said })
  }

  #attemptAs(session: Session, request: TableauRequest): Promise<HttpReply | LostConnection> {
    const headers = {
      'x-tableau-auth': session.token,
      ...(request.accept === undefined ? {} : { accept: request.accept }),
    }
    const path = (api: string): string => `/api/${api}/sites/${session.siteId}${request.path}`
    return this.#version().then((api) => this.#send({ ...request, headers }, path(api)))
  }

  async #send(
    request: Pick<TableauRequest, 'method' | 'body' | 'repeatable'> & { readonly headers: Record<string, string> },
    path: string,
  ): Promise<HttpReply | LostConnection> {
    for (let tried = 1; ; tried++) {
      const outcome = await this.#sendOnce(request, path)
      const wait = waitBefore(outcome, request.repeatable, tried, this.patience)
      this.#tries.set(outcome, tried)
      if (wait === null) return outcome
      const why = outcome instanceof LostConnection ? outcome.message : `status ${outcome.status}`
      this.tell(`${request.method} ${this.#shown(path)}: ${why}; again in ${wait / 1000} s`)
      await this.patience.pause(wait, this.signal)
    }
  }

  async #sendOnce(
    request: Pick<TableauRequest, 'method' | 'body'> & { readonly headers: Record<string, string> },
    path: string,
  ): Promise<HttpReply | LostConnection> {
    let url = `${this.#base}${path}`
    for (let hop = 0; ; hop++) {
      let reply: HttpReply
      try {
        reply = await exchange({
          method: request.method,
          url,
          headers: { ...plainHeaders, ...request.headers },
          body: request.body ?? null,
          signal: this.signal,
          stallMs: this.patience.stallMs,
          answerMs: this.patience.answerMs,
        })
      } catch (error) {
        if (error instanceof LostConnection) return error
        throw error
      }
      if (![301, 302, 303, 307, 308].includes(reply.status)) return reply
      const location = reply.headers.get('location')
      const target = redirectTarget(url, location)
      if (target === undefined || hop >= hops)
        throw new UserError(errors.redirected({ from: bare(url), to: location === null ? null : bare(location, url) }))
      // The whole server has moved when only what stands before the path differs: what is large is not sent there twice.
      if (`${target.pathname}${target.search}`.endsWith(path)) this.#base = target.href.slice(0, -path.length)
      url = target.href
    }
  }

  #shown(path: string): string {
    return `${this.#base}${bare(path)}`
  }
}

const plainHeaders = { accept: 'application/xml', 'user-agent': `tsdbt/${version}` }

/** An address without what may hold more than a place: user, query, fragment. */
function bare(address: string, base?: string): string {
  if (!URL.canParse(address, base)) return address.replace(/[?#].*$/s, '')
  const url = new URL(address, base)
  return `${url.origin}${url.pathname}`
}

function atLeast(version: string, least: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > least[0] || (major === least[0] && minor >= least[1])
}
