import { createReadStream, createWriteStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Place } from '../../base/diagnostic.ts'
import { CancelledError, UserError } from '../../base/errors.ts'
import { outsideLatin1 } from './errors.ts'

interface Recoding {
  readonly encoding: 'utf-8' | 'utf-16' | 'latin-1'
  readonly bom: boolean
  readonly gzip: boolean
  /** Of the export, for what its encoding lacks. */
  readonly place: Place
  readonly signal: AbortSignal
}

const CHUNK_BYTES = 1 << 18

/** Copies a text file in UTF-8 to one in another encoding. Raises `UserError` for a character that the encoding lacks. */
export async function recodeFile(from: string, to: string, recoding: Recoding): Promise<void> {
  const { gzip, signal } = recoding
  try {
    await pipeline(
      createReadStream(from, { highWaterMark: CHUNK_BYTES }),
      (chunks: AsyncIterable<Buffer>) => recoded(chunks, recoding),
      gzip ? createGzip() : new PassThrough(),
      createWriteStream(to),
      { signal },
    )
  } catch (error) {
    if (signal.aborted) throw new CancelledError()
    throw error
  }
}

async function* recoded(chunks: AsyncIterable<Buffer>, { encoding, bom, place }: Recoding): AsyncGenerator<Buffer> {
  if (bom) yield Buffer.from('\ufeff', encoding === 'utf-16' ? 'utf16le' : 'utf8')
  if (encoding === 'utf-8') return yield* chunks
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let lines = 1
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    if (encoding === 'utf-16') yield Buffer.from(text, 'utf16le')
    else {
      const at = text.search(/[\u0100-\uffff]/)
      if (at !== -1) {
        const line = lines + countBreaks(text.slice(0, at))
        throw new UserError(outsideLatin1({ line, character: String.fromCodePoint(text.codePointAt(at)!) }, place))
      }
      lines += countBreaks(text)
      yield Buffer.from(text, 'latin1')
    }
  }
}

function countBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}
