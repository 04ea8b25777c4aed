import { randomBytes } from 'node:crypto'
import type { RequestBody } from './http-exchange.ts'

/** A part of a message. */
export interface MessagePart {
  readonly name: string
  readonly contentType: string
  /** Letters that would need quoting are replaced: the server takes names from the XML. */
  readonly filename?: string
  /** Bytes of `content`. */
  readonly length: number
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export function textPart(name: string, text: string): MessagePart {
  const bytes = Buffer.from(text)
  return { name, contentType: 'text/xml', length: bytes.length, content: () => [bytes] }
}

/**
 * A message of several parts whose length is known before it is read. Tableau wants `multipart/mixed` for what is
 * published; each part is nevertheless headed as in a form, as its own clients do.
 */
export function multipart(kind: 'mixed' | 'form-data', parts: readonly MessagePart[]): RequestBody {
  const boundary = `tsdbt-${randomBytes(16).toString('hex')}`
  const heads = parts.map((part) => Buffer.from(headOf(part, boundary)))
  const lineBreak = Buffer.from('\r\n')
  const end = Buffer.from(`--${boundary}--\r\n`)
  const length = parts.reduce((sum, part, i) => sum + heads[i]!.length + part.length + lineBreak.length, end.length)
  return {
    contentType: `multipart/${kind}; boundary=${boundary}`,
    length,
    async *bytes() {
      for (const [i, part] of parts.entries()) {
        yield heads[i]!
        yield* part.content()
        yield lineBreak
      }
      yield end
    },
  }
}

function headOf(part: MessagePart, boundary: string): string {
  const file = part.filename === undefined ? '' : `; filename="${part.filename.replace(/[^\w.-]+/g, '_')}"`
  return `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${file}\r\nContent-Type: ${part.contentType}\r\n\r\n`
}
