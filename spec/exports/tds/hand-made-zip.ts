import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a zip file as other programs write them. */
export interface HandMadeEntry {
  readonly name: string
  readonly bytes: Uint8Array | string
  readonly stored?: boolean
  readonly comment?: string
  /** Field of the directory, with id and length. */
  readonly extra?: Uint8Array
  /** Sizes follow the data, as streaming programs do it. */
  readonly streamed?: boolean
  readonly encrypted?: boolean
}

/** Bytes of a zip file with a time, extra fields and comments of its own, byte by byte as given. */
export function handMadeZip(entries: readonly HandMadeEntry[], comment = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const bytes = Buffer.from(entry.bytes)
    const data = entry.stored === true ? bytes : deflateRawSync(bytes, { level: 1 })
    const name = Buffer.from(entry.name)
    const flags = 0x800 | (entry.streamed === true ? 8 : 0) | (entry.encrypted === true ? 1 : 0)
    const method = entry.stored === true ? 0 : 8
    const fields = (sizes: boolean): Buffer => {
      const fixed = Buffer.alloc(26)
      fixed.writeUInt16LE(20, 0)
      fixed.writeUInt16LE(flags, 2)
      fixed.writeUInt16LE(method, 4)
      fixed.writeUInt16LE(0x6a3b, 6)
      fixed.writeUInt16LE(0x5821, 8)
      if (sizes) {
        fixed.writeUInt32LE(crc32(bytes), 10)
        fixed.writeUInt32LE(data.length, 14)
        fixed.writeUInt32LE(bytes.length, 18)
      }
      fixed.writeUInt16LE(name.length, 22)
      return fixed
    }
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields(entry.streamed !== true), name, data])
    const after = Buffer.alloc(entry.streamed === true ? 16 : 0)
    if (entry.streamed === true) {
      after.write('PK\x07\x08', 0, 'latin1')
      after.writeUInt32LE(crc32(bytes), 4)
      after.writeUInt32LE(data.length, 8)
      after.writeUInt32LE(bytes.length, 12)
    }
    parts.push(local, after)
    const extra = Buffer.from(entry.extra ?? [])
    const note = Buffer.from(entry.comment ?? '')
    const central = fields(true)
    central.writeUInt16LE(extra.length, 24)
    const rest = Buffer.alloc(14)
    rest.writeUInt16LE(note.length, 0)
    rest.writeUInt16LE(1, 4)
    rest.writeUInt32LE(0x81a40000, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), central, rest, name, extra, note)
    offset += local.length + after.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  const note = Buffer.from(comment, 'latin1')
  end.writeUInt16LE(note.length, 20)
  return Buffer.concat([...parts, listing, end, note])
}
