import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { CancelledError } from '../../../src/base/errors.ts'
import { openZip } from '../../../src/exports/zip/open-zip.ts'
import { replaceEntries } from '../../../src/exports/zip/replace-entries.ts'
import { writeZip } from '../../../src/exports/zip/write-zip.ts'
import { handMadeZip } from './hand-made-zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsdbt-zip-'))
const at = (name: string): string => join(folder, name)
const live = new AbortController().signal

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function contents(path: string): Promise<{ readonly [name: string]: string }> {
  const zip = await openZip(path)
  const found: Record<string, string> = {}
  for (const entry of zip.entries) found[entry.fileName] = await text(await zip.stream(entry))
  zip.close()
  return found
}

describe('writing', () => {
  test('the same content gives the same bytes, in order of names', async () => {
    writeFileSync(at('rows'), 'rows '.repeat(50_000))
    const entries = { 'b.tds': { text: '<ü/>' }, 'Data/Extracts/b.hyper': { file: at('rows') } }
    await writeZip(at('one.tdsx'), entries, live)
    await writeZip(at('two.tdsx'), Object.fromEntries(Object.entries(entries).reverse()), live)
    expect(readFileSync(at('one.tdsx')).equals(readFileSync(at('two.tdsx')))).toBe(true)
    expect(Object.entries(await contents(at('one.tdsx')))).toEqual([
      ['Data/Extracts/b.hyper', 'rows '.repeat(50_000)],
      ['b.tds', '<ü/>'],
    ])
  })

  test('a file that is not there fails', async () => {
    await expect(writeZip(at('none.tdsx'), { x: { file: at('nowhere') } }, live)).rejects.toThrow('ENOENT')
  })
})

describe('replacing entries', () => {
  const image = Buffer.from([137, 80, 78, 71, 0, 255, 10, 13])
  const bytes = handMadeZip(
    [
      { name: 'by hand.twb', bytes: '<workbook/>', comment: 'mine' },
      { name: 'Image/', bytes: '', stored: true },
      { name: 'Data/Extracts/old.hyper', bytes: 'old rows', streamed: true },
      { name: 'Image/ü.png', bytes: image, stored: true, extra: Buffer.from([0x99, 0x99, 1, 0, 7]) },
      { name: 'Data/small.hyper', bytes: 'stored', stored: true },
    ],
    'saved \x81by hand',
  )
  writeFileSync(at('hand.twbx'), bytes)
  writeFileSync(at('new'), 'new rows '.repeat(200_000))

  test('nothing replaced is the same file', async () => {
    const zip = await openZip(at('hand.twbx'))
    await replaceEntries(zip, at('same.twbx'), new Map(), live)
    zip.close()
    expect(readFileSync(at('same.twbx')).equals(bytes)).toBe(true)
  })

  test('one replaced leaves the bytes of the others, the order, times, comments and ways of packing', async () => {
    const zip = await openZip(at('hand.twbx'))
    const chosen = zip.entries.filter((entry) => entry.fileName.endsWith('.hyper'))
    await replaceEntries(zip, at('fresh.twbx'), new Map(chosen.map((entry) => [entry, at('new')])), live)
    zip.close()
    const fresh = readFileSync(at('fresh.twbx'))
    const [old, made] = [await openZip(at('hand.twbx')), await openZip(at('fresh.twbx'))]
    const told = (z: typeof old): unknown[] =>
      z.entries.map((e) => [
        e.fileName,
        e.compressionMethod,
        e.getLastModDate().getTime(),
        e.fileComment,
        e.extraFieldRaw.toString('hex'),
        e.externalFileAttributes,
      ])
    expect(told(made)).toEqual(told(old))
    expect(made.comment).toBe(old.comment)
    old.close()
    made.close()
    const first = bytes.subarray(0, bytes.indexOf('Data/Extracts') - 30)
    expect(fresh.subarray(0, first.length).equals(first)).toBe(true)
    expect(fresh.includes(image)).toBe(true)
    expect(await contents(at('fresh.twbx'))).toEqual({
      'by hand.twb': '<workbook/>',
      'Image/': '',
      'Data/Extracts/old.hyper': 'new rows '.repeat(200_000),
      'Image/ü.png': image.toString('utf8'),
      'Data/small.hyper': 'new rows '.repeat(200_000),
    })
  })

  test('stops when it is told to', async () => {
    const zip = await openZip(at('hand.twbx'))
    const gone = AbortSignal.abort()
    await expect(replaceEntries(zip, at('stopped.twbx'), new Map(), gone)).rejects.toThrow(CancelledError)
    zip.close()
  })
})

describe('what is wrong with a file is told by kind', () => {
  const whole = handMadeZip([
    { name: 'a.twb', bytes: '<a/>'.repeat(100) },
    { name: 'b.hyper', bytes: 'rows', stored: true },
  ])
  const flipped = Buffer.from(whole)
  flipped[whole.indexOf('rows')] = 0

  function packedBy(method: number): Buffer {
    const bytes = Buffer.from(whole)
    bytes.writeUInt16LE(method, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 10)
    return bytes
  }

  test.each<[string, Uint8Array, string, RegExp]>([
    ['text', Buffer.from('<workbook/>'), 'not-zip', /no directory at its end/],
    ['nothing', Buffer.alloc(0), 'not-zip', /no directory/],
    ['cut off', whole.subarray(0, whole.length - 60), 'not-zip', /no directory/],
    ['without its beginning', whole.subarray(40), 'damaged', /./],
    ['a changed byte', flipped, 'damaged', /`b.hyper` does not fit its checksum/],
    ['a name twice', handMadeZip(['x', 'y'].map((bytes) => ({ name: 'a.twb', bytes }))), 'damaged', /`a.twb` twice$/],
    ['another packing', packedBy(12), 'packing', /^it is packed by a method that is not supported \(12\)$/],
    ['something behind it', Buffer.concat([whole, Buffer.alloc(9)]), 'damaged', /^Invalid comment length$/],
    ['encrypted', handMadeZip([{ name: 'a.twb', bytes: 'x', encrypted: true }]), 'encrypted', /`a.twb` is encrypted/],
    ['leads out', handMadeZip([{ name: '../../a.twb', bytes: 'x' }]), 'unsafe-name', /leads out of it: \.\.\/\.\.\/a/],
    ['leads away', handMadeZip([{ name: '/etc/a', bytes: 'x' }]), 'unsafe-name', /leads out of it: \/etc\/a/],
    ['leads up on Windows', handMadeZip([{ name: '..\\a', bytes: 'x' }]), 'unsafe-name', /leads out/],
  ])('%s', async (_, bytes, kind, message) => {
    writeFileSync(at('bad.twbx'), bytes)
    await expect(contents(at('bad.twbx'))).rejects.toMatchObject({ kind, message: expect.stringMatching(message) })
  })
})
