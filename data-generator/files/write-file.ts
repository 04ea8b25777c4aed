import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Gzip } from 'fflate'
import type { DataFile, Fate } from './data-file.ts'

/** What a file holds; the specs compare loads with it. */
export interface FileFacts extends Readonly<Record<Fate, number>> {
  readonly path: string
  /** Of the content before compression. */
  readonly bytes: number
  readonly sha256: string
}

type Sink = (chunk: Uint8Array, last: boolean) => void

const CHUNK_CHARACTERS = 1 << 18

/** Writes one file below `folder`. Memory is bounded by a chunk, whatever the file's size. */
export function writeFile(file: DataFile, folder: string): FileFacts {
  const target = join(folder, file.path)
  mkdirSync(dirname(target), { recursive: true })
  const handle = openSync(target, 'w')
  try {
    return streamFile(file, (chunk) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(handle, chunk, at)
    })
  } finally {
    closeSync(handle)
  }
}

/** Gives the file's bytes as stored, piece by piece, and its facts at the end. */
export function streamFile(file: DataFile, store: (chunk: Uint8Array) => void): FileFacts {
  const hash = createHash('sha256')
  const counts = { accepted: 0, quarantined: 0, duplicate: 0 }
  let bytes = 0
  const sink = file.path.endsWith('.gz') ? gzipSink(store) : (chunk: Uint8Array) => store(chunk)
  const push = (text: string, last: boolean) => {
    const chunk = encode(text, file.encoding)
    hash.update(chunk)
    bytes += chunk.length
    sink(chunk, last)
  }
  let pending = file.encoding.endsWith('-bom') ? '\uFEFF' : ''
  let first = true
  for (const line of file.lines()) {
    if (line.fate !== 'frame') counts[line.fate] += 1
    pending += first ? line.text : file.lineEnd + line.text
    first = false
    if (pending.length >= CHUNK_CHARACTERS) {
      push(pending, false)
      pending = ''
    }
  }
  push(pending + (file.endsWithLineEnd ? file.lineEnd : ''), true)
  return { path: file.path, ...counts, bytes, sha256: hash.digest('hex') }
}

/** fflate and not zlib: compressed bytes of Node's zlib differ between its versions and processors. */
function gzipSink(store: (chunk: Uint8Array) => void): Sink {
  const gzip = new Gzip({ level: 9, mtime: 0 })
  gzip.ondata = (chunk) => store(chunk)
  return (chunk, last) => gzip.push(chunk, last)
}

function encode(text: string, encoding: DataFile['encoding']): Uint8Array {
  switch (encoding) {
    case 'utf-16le-bom':
      return Buffer.from(text, 'utf16le')
    case 'latin-1':
      return Buffer.from(text, 'latin1')
    default:
      return Buffer.from(text, 'utf8')
  }
}
