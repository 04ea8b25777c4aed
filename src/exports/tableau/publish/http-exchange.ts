import { CancelledError } from '../../../base/errors.ts'

/** A body whose length is known and that can be sent again from its beginning. */
export interface RequestBody {
  readonly contentType: string
  readonly length: number
  bytes(): AsyncIterable<Uint8Array>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: RequestBody | null
  readonly signal: AbortSignal
  /** How long nothing of the body may go out, in milliseconds. */
  readonly stallMs: number
  /** How long the answer may take after that; Node ends the wait after five minutes. */
  readonly answerMs: number
}

export interface HttpReply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** There was no whole answer. */
export class LostConnection extends Error {
  readonly reason: 'unreachable' | 'unknown-host' | 'certificate' | 'cut' | 'silent'
  /** Whether all of the body may have arrived, so that the server may have acted on it. */
  readonly whole: boolean
  /** As Node names it: `ECONNRESET`. */
  readonly code: string

  constructor(reason: LostConnection['reason'], code: string, whole: boolean) {
    super(`${reason} (${code})`)
    this.name = 'LostConnection'
    this.reason = reason
    this.code = code
    this.whole = whole
  }
}

const longestReply = 64 * 1024 * 1024

/**
 * Sends one request and reads the whole answer, whatever its status; follows no redirect. Raises `LostConnection`,
 * `CancelledError`, or what reading the body raised.
 */
export async function exchange(request: HttpRequest): Promise<HttpReply> {
  const quiet = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let whole = request.body === null
  let fault: unknown
  const allow = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => quiet.abort(), ms)
  }
  async function* watched(body: RequestBody): AsyncGenerator<Uint8Array> {
    let sent = 0
    try {
      for await (const piece of body.bytes()) {
        // Node's stream waits for ever behind a piece without bytes.
        if (piece.length === 0) continue
        sent += piece.length
        // Before the last piece goes out: nobody can tell when it has arrived.
        whole = sent >= body.length
        allow(whole ? request.answerMs : request.stallMs)
        yield piece
      }
    } catch (error) {
      fault = error
      throw error
    }
  }
  const { body } = request
  try {
    allow(body === null ? request.answerMs : request.stallMs)
    const response = await fetch(request.url, {
      method: request.method,
      headers:
        body === null
          ? request.headers
          : { ...request.headers, 'content-type': body.contentType, 'content-length': String(body.length) },
      ...(body === null ? {} : { body: watched(body), duplex: 'half' as const }),
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, quiet.signal]),
    })
    return { status: response.status, headers: response.headers, text: await readText(response) }
  } catch (error) {
    if (request.signal.aborted) throw new CancelledError()
    if (fault !== undefined) throw fault
    if (quiet.signal.aborted) throw new LostConnection('silent', 'no answer', whole)
    throw lost(error, whole)
  } finally {
    clearTimeout(timer)
  }
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > longestReply) throw new LostConnection('cut', 'answer too long', true)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const neverReached = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function lost(error: unknown, whole: boolean): LostConnection {
  if (error instanceof LostConnection) return error
  const code = codeOf(error)
  if (code === 'ENOTFOUND') return new LostConnection('unknown-host', code, false)
  if (neverReached.has(code)) return new LostConnection('unreachable', code, false)
  if (/CERT|SIGNATURE|TLS|SSL|EPROTO/.test(code)) return new LostConnection('certificate', code, false)
  return new LostConnection('cut', code, whole)
}

function codeOf(error: unknown): string {
  for (let at = error as { code?: unknown; cause?: unknown; errors?: unknown[] } | undefined; at !== undefined; ) {
    if (typeof at.code === 'string') return at.code
    at = (at.cause ?? at.errors?.[0]) as typeof at
  }
  return 'connection lost'
}
